"""ViennaPS at the work of `bench_films.rs`, as one line of JSON with the same keys: python oracles/viennaps_bench.py"""

import json
import math
import statistics
import time

import viennals
import viennaps
import viennals.d3 as ls
import viennaps.d3 as ps

viennaps.Logger.setLogLevel(viennaps.LogLevel.ERROR)
viennaps.setNumThreads(1)

# Radius, height and pitch of the pillar and thickness of its film; the same of the trench with its width and depth, um.
RADIUS, HEIGHT, PITCH, FILM = 5.0, 50.0, 20.0, 1.0
WIDTH, DEPTH, TRENCH_PITCH, THIN = 5.0, 10.0, 10.0, 0.1
# Where the pillar stands relative to the grid: the error depends on it.
PLACES = [(0.37 * (7 * k % 8) / 8, 0.41 * (3 * k % 8) / 8) for k in range(8)]


def domain(grid, pitch):
    return ps.Domain(gridDelta=grid, xExtent=pitch, yExtent=pitch, boundary=viennaps.BoundaryType.REFLECTIVE_BOUNDARY)


def surface(chip):
    """The mesh of the uppermost surface."""
    mesh = viennals.Mesh()
    ls.ToSurfaceMesh(chip.getLevelSets()[-1], mesh).apply()
    return mesh


def measure(mesh):
    """Area of the mesh and volume below it."""
    nodes = mesh.getNodes()
    area = volume = 0.0
    for corners in mesh.getTriangles():
        p, q, r = (nodes[i] for i in corners)
        u, v = [b - a for a, b in zip(p, q)], [b - a for a, b in zip(p, r)]
        n = (u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0])
        area += 0.5 * math.hypot(*n)
        volume += 0.5 * n[2] * (p[2] + q[2] + r[2]) / 3
    return area, volume


def rms(values):
    return math.sqrt(statistics.fmean(value * value for value in values))


def pillar(grid):
    t, r, h, p = FILM, RADIUS, HEIGHT, PITCH
    exact_area = 2 * math.pi * (r + t) * (h - t) + math.pi * r * r + math.pi**2 * r * t + 2 * math.pi * t * t + p * p - math.pi * (r + t) ** 2
    top = math.pi * (r * r * t + math.pi * r * t * t / 2 + 2 * t**3 / 3)
    exact_volume = math.pi * ((r + t) ** 2 - r * r) * h + top + (p * p - math.pi * (r + t) ** 2) * t
    times, fronts, areas, volumes = [], [], [], []
    for x, y in PLACES:
        start = time.process_time()
        chip = domain(grid, PITCH)
        ps.MakePlane(chip, 0.0, viennaps.Material.Si).apply()
        column = ls.Domain(chip.getGrid())
        ls.MakeGeometry(column, ls.Cylinder([x, y, -1.0], [0, 0, 1], HEIGHT + 1.0, RADIUS, RADIUS)).apply()
        chip.applyBooleanOperation(column, viennals.BooleanOperationEnum.UNION)
        made = time.process_time()
        bare = measure(surface(chip))
        chip.duplicateTopLevelSet(viennaps.Material.SiO2)
        grow = time.process_time()
        ps.Process(chip, ps.IsotropicProcess(rate=1.0), FILM).apply()
        grown = time.process_time()
        mesh = surface(chip)
        fronts.append(1e3 * (grown - grow))
        times.append(1e3 * (made - start + time.process_time() - grow))
        area, volume = measure(mesh)
        areas.append(area / exact_area - 1)
        volumes.append((volume - bare[1]) / exact_volume - 1)
    return {
        "grid_um": grid,
        "cpu_ms": statistics.median(times),
        "front_cpu_ms": statistics.median(fronts),
        "area_error_mean": statistics.fmean(areas),
        "area_error": rms(areas),
        "volume_error": rms(volumes),
    }


def trench(grid, rays):
    times, floors, middles, walls = [], [], [], []
    for seed in range(3):
        start = time.process_time()
        chip = domain(grid, TRENCH_PITCH)
        ps.MakeTrench(chip, trenchWidth=WIDTH, trenchDepth=DEPTH).apply()
        chip.duplicateTopLevelSet(viennaps.Material.SiO2)
        process = ps.Process(chip, ps.SingleParticleProcess(rate=1.0, stickingProbability=1.0, sourceExponent=1.0), THIN)
        settings = viennaps.RayTracingParameters()
        settings.raysPerPoint, settings.useRandomSeeds, settings.rngSeed = rays, False, seed + 1
        process.setParameters(settings)
        process.apply()
        nodes = surface(chip).getNodes()
        times.append(1e3 * (time.process_time() - start))
        # Nodes on the rim of the floor belong to the wall as well, so the mean is that over the inner part.
        floor = [(abs(x), z + DEPTH) for x, _, z in nodes if z < -0.9 * DEPTH and abs(x) < 0.5 * WIDTH - 1.5 * grid]
        floors.append(statistics.fmean(z for _, z in floor) / THIN)
        middles.append(statistics.fmean(z for x, z in floor if x < 0.1 * WIDTH + 0.5 * grid) / THIN)
        walls.append(statistics.fmean(0.5 * WIDTH - abs(x) for x, _, z in nodes if abs(z + 0.5 * DEPTH) < 0.5 * grid + 0.05 * DEPTH) / THIN)
    return {
        "grid_um": grid,
        "rays": rays,
        "cpu_ms": statistics.median(times),
        "floor_mean": statistics.fmean(floors),
        "floor_middle": statistics.fmean(middles),
        "wall": statistics.fmean(walls),
    }


print(
    json.dumps(
        {
            "program": f"ViennaPS {viennaps.__version__}",
            "pillar_05": pillar(0.5),
            "pillar_025": pillar(0.25),
            "trench_05": trench(0.5, 200),
            "trench_025": trench(0.25, 1000),
        }
    )
)
