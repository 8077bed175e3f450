"""Draws the masks of a small pillar cell with KLayout, as a user of a layout program would: python oracles/make_chip_gds.py CHIP.gds

Bars stand in four quadrants, each the same cell turned by a quarter; the lower contact leaves along a path; the package is a polygon
with a hole. Layers: 1/0 mesa with the negative electrode and its collector, 2/0 where the positive collector is etched away, 3/0 bars,
4/0 gold lead, 10/0 package.
"""

import sys

import klayout.db as db

PITCH, COUNT = 32.0, 10
MIDDLE = (700.0, 600.0)

layout = db.Layout()
layout.dbu = 0.001
minus, plus, bars, leads, package, notes = (layout.layer(number, 0) for number in (1, 2, 3, 4, 10, 63))

# A bar of 20 um x 8 um with corners cut by 2 um.
bar = layout.create_cell("BAR")
bar.shapes(bars).insert(
    db.DPolygon([db.DPoint(x, y) for x, y in ((-8, -4), (8, -4), (10, -2), (10, 2), (8, 4), (-8, 4), (-10, 2), (-10, -2))])
)

quadrant = layout.create_cell("QUADRANT")
quadrant.insert(
    db.DCellInstArray(
        bar.cell_index(),
        db.DTrans(db.DVector(PITCH / 2, PITCH / 2)),
        db.DVector(PITCH, 0),
        db.DVector(0, PITCH),
        COUNT,
        COUNT,
    )
)

array = layout.create_cell("ARRAY")
for turns in range(4):
    array.insert(db.DCellInstArray(quadrant.cell_index(), db.DTrans(turns, False, db.DVector(0, 0))))

chip = layout.create_cell("CHIP")
chip.insert(db.DCellInstArray(array.cell_index(), db.DTrans(db.DVector(*MIDDLE))))
# The lower collector reaches 40 um beyond the array; a lead ends in the pad on the left. Drawn is where it is etched away.
lead = db.DPath([db.DPoint(60, 600), db.DPoint(280, 600), db.DPoint(350, 640)], 60)
stays = db.Region([shape.to_itype(layout.dbu) for shape in (db.DBox(340, 240, 1060, 960), lead.polygon(), db.DBox(40, 500, 240, 700))])
chip.shapes(plus).insert(db.Region(db.DBox(0, 0, 1600, 1200).to_itype(layout.dbu)) - stays)
# Gold along the lead.
chip.shapes(leads).insert(lead)
# The mesa keeps 20 um inside it and has a tab on the right.
mesa = db.DPolygon(
    [db.DPoint(x, y) for x, y in ((360, 260), (1040, 260), (1040, 450), (1400, 450), (1400, 750), (1040, 750), (1040, 940), (360, 940))]
)
chip.shapes(minus).insert(mesa)
# The package covers everything but the pad; its hole opens the tab.
cover = db.DPolygon(db.DBox(260, 160, 1500, 1040))
cover.insert_hole(db.DBox(1180, 520, 1340, 680))
chip.shapes(package).insert(cover)
chip.shapes(notes).insert(db.DText("pillar cell", 60, 1120))

options = db.SaveLayoutOptions()
options.format = "GDS2"
# Without the time of writing the same drawing gives the same bytes.
options.gds2_write_timestamps = False
layout.write(sys.argv[1], options)
