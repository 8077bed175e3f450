(() => {
'use strict';
// boxes in three dimensions; a cut moves the faces of the boxes, so that what is cut stays closed
const { M, near, now, fmt, $ } = CW, V = M.solid, cv = $('#sv'), fig = $('#solid');
const gl = cv.getContext('webgl2', { antialias: true, preserveDrawingBuffer: true });
if (!gl) { fig.innerHTML = '<p class="note">This browser draws no 3D: the section above shows the same quantities.</p>'; return; }
const vs = `#version 300 es
in vec3 lo, hi; in float val; uniform mat4 view; uniform vec3 size; uniform int axis; uniform float cut; out float v; out float shade;
const vec3 C[8] = vec3[8](vec3(0,0,0),vec3(1,0,0),vec3(0,1,0),vec3(1,1,0),vec3(0,0,1),vec3(1,0,1),vec3(0,1,1),vec3(1,1,1));
const int F[36] = int[36](0,2,4,4,2,6, 1,5,3,5,7,3, 0,4,1,4,5,1, 2,3,6,3,7,6, 0,1,2,1,3,2, 4,6,5,6,7,5);
const float L[6] = float[6](.72,.86,.8,.9,.66,1.);
void main() {
  vec3 a = lo, b = hi; float d = axis == 0 ? b.x - max(a.x, cut) : axis == 1 ? b.y - max(a.y, cut) : min(b.z, cut) - a.z;
  if (axis == 0) a.x = max(a.x, cut); else if (axis == 1) a.y = max(a.y, cut); else b.z = min(b.z, cut);
  vec3 p = mix(a, b, C[F[gl_VertexID]]); v = val; shade = L[gl_VertexID / 6];
  gl_Position = d <= 0. ? vec4(2,2,2,1) : view * vec4((p - .5) * size, 1);
}`, fs = `#version 300 es
precision mediump float; in float v; in float shade; uniform vec3 ramp[10]; out vec4 o;
void main() { float s = clamp(v, 0., 1.) * 9.; int i = int(min(s, 8.)); o = vec4(mix(ramp[i], ramp[i + 1], s - float(i)) * shade, 1); }`;
const compile = (t, s) => { const o = gl.createShader(t); gl.shaderSource(o, s); gl.compileShader(o); return o; };
const pr = gl.createProgram(); gl.attachShader(pr, compile(gl.VERTEX_SHADER, vs)); gl.attachShader(pr, compile(gl.FRAGMENT_SHADER, fs)); gl.linkProgram(pr);
if (!gl.getProgramParameter(pr, gl.LINK_STATUS)) { fig.innerHTML = '<p class="note">This browser draws no 3D: the section above shows the same quantities.</p>'; return; }
gl.useProgram(pr);
const U = n => gl.getUniformLocation(pr, n), ramp = [0,32,81,0,48,111,57,72,108,87,93,109,112,113,115,138,134,120,165,156,116,195,179,105,225,204,85,254,232,56];
gl.uniform3fv(U('ramp'), ramp.map(c => c / 255)); gl.uniform3fv(U('size'), V.s); gl.enable(gl.DEPTH_TEST);
const corner = gl.createBuffer(), value = gl.createBuffer(), al = gl.getAttribLocation(pr, 'lo'), ah = gl.getAttribLocation(pr, 'hi'), av = gl.getAttribLocation(pr, 'val');
for (const a of [al, ah, av]) { gl.enableVertexAttribArray(a); gl.vertexAttribDivisor(a, 1); }
gl.bindBuffer(gl.ARRAY_BUFFER, corner); gl.vertexAttribPointer(al, 3, gl.UNSIGNED_SHORT, true, 12, 0); gl.vertexAttribPointer(ah, 3, gl.UNSIGNED_SHORT, true, 12, 6);
gl.bindBuffer(gl.ARRAY_BUFFER, value); gl.vertexAttribPointer(av, 1, gl.UNSIGNED_BYTE, true, 1, 0);
let q = 0, axis = 1, cut = 0, az = -.6, el = .5, zoom = 1.45, n = 0, frame = -1, due = 0;
function choose() {
  const m = V.m[q], b = new Uint16Array(m.i.length * 6); n = m.i.length;
  m.i.forEach((j, i) => { for (let c = 0; c < 6; c++) b[6 * i + c] = V.b[6 * j + c]; });
  gl.bindBuffer(gl.ARRAY_BUFFER, corner); gl.bufferData(gl.ARRAY_BUFFER, b, gl.STATIC_DRAW);
  $('#slo').textContent = fmt(m.lo, m); $('#shi').textContent = fmt(m.hi, m); $('#slab').textContent = m.q; frame = -1; ask();
}
const mul = (a, b) => { const o = []; for (let c = 0; c < 4; c++) for (let r = 0; r < 4; r++) { let s = 0; for (let k = 0; k < 4; k++) s += a[4 * k + r] * b[4 * c + k]; o.push(s); } return o; };
function matrix() {
  const ca = Math.cos(az), sa = Math.sin(az), ce = Math.cos(el), se = Math.sin(el), w = cv.width / cv.height, f = 3.2 * zoom, D = 3.4;
  // turn about z, tip towards the eye, perspective
  const turn = [ca, -sa * se, sa * ce, 0, sa, ca * se, -ca * ce, 0, 0, ce, se, 0, 0, 0, 0, 1];
  const move = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, -D, 1], a = .5, z = 12, proj = [f / w, 0, 0, 0, 0, f, 0, 0, 0, 0, (z + a) / (a - z), -1, 0, 0, 2 * z * a / (a - z), 0];
  return mul(proj, mul(move, turn));
}
function draw() {
  due = 0; const r = Math.min(2, devicePixelRatio || 1), w = Math.round(cv.clientWidth * r), h = Math.round(cv.clientHeight * r);
  if (w && (cv.width !== w || cv.height !== h)) { cv.width = w; cv.height = h; }
  const k = near(V.f, now()), m = V.m[q];
  if (k !== frame) { frame = k; gl.bindBuffer(gl.ARRAY_BUFFER, value); gl.bufferData(gl.ARRAY_BUFFER, m.v.subarray(k * n, (k + 1) * n), gl.DYNAMIC_DRAW); }
  gl.viewport(0, 0, cv.width, cv.height); gl.clearColor(0, 0, 0, 0); gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
  gl.uniformMatrix4fv(U('view'), false, matrix()); gl.uniform1i(U('axis'), axis); gl.uniform1f(U('cut'), cut);
  gl.drawArraysInstanced(gl.TRIANGLES, 0, 36, n);
}
const ask = () => { due ||= requestAnimationFrame(draw); };
const setCut = () => { const c = +$('#sc').value / 1000; cut = axis === 2 ? c : 1 - c; ask(); };
$('#sq').onchange = e => { q = +e.target.value; choose(); };
$('#sa').value = axis; $('#sa').onchange = e => { axis = +e.target.value; setCut(); };
$('#sc').oninput = setCut; $('#sr').onclick = () => { az = -.6; el = .5; zoom = 1.45; $('#sc').value = 600; setCut(); };
const fingers = new Map(); let gap = 0;
cv.onpointerdown = e => { cv.setPointerCapture(e.pointerId); fingers.set(e.pointerId, [e.clientX, e.clientY]); gap = 0; };
cv.onpointermove = e => {
  const p = fingers.get(e.pointerId); if (!p) return; const x = e.clientX, y = e.clientY;
  if (fingers.size === 1) { az += (x - p[0]) * .008; el = Math.max(-1.5, Math.min(1.5, el + (y - p[1]) * .008)); }
  fingers.set(e.pointerId, [x, y]);
  if (fingers.size === 2) { const [a, b] = [...fingers.values()], g = Math.hypot(a[0] - b[0], a[1] - b[1]); if (gap) zoom = Math.max(.3, Math.min(12, zoom * g / gap)); gap = g; }
  ask();
};
cv.onpointerup = cv.onpointercancel = e => { fingers.delete(e.pointerId); gap = 0; };
cv.addEventListener('wheel', e => { e.preventDefault(); zoom = Math.max(.3, Math.min(12, zoom * Math.exp(-e.deltaY * .0012))); ask(); }, { passive: false });
cv.addEventListener('keydown', e => { const d = { ArrowLeft: [-.1, 0], ArrowRight: [.1, 0], ArrowUp: [0, -.1], ArrowDown: [0, .1] }[e.key]; if (d) { e.preventDefault(); e.stopPropagation(); az += d[0]; el += d[1]; ask(); } });
document.addEventListener('cw-time', ask); addEventListener('resize', ask);
$('#sbar').style.background = `linear-gradient(90deg,${Array.from({ length: 10 }, (_, i) => `rgb(${ramp.slice(3 * i, 3 * i + 3)})`)})`;
$('#sc').value = 600; choose(); setCut();
})();
