const CW = (() => {
'use strict';
// fields on boxes: 8-bit values, base64; the same time as everywhere on the page
const $ = (q, e = document) => e.querySelector(q), $$ = (q, e = document) => [...e.querySelectorAll(q)];
const M = JSON.parse($('#M').textContent), T = JSON.parse($('#D').textContent).t;
const bytes = t => Uint8Array.from(atob(t), c => c.charCodeAt(0)), words = t => new Uint16Array(bytes(t).buffer);
const near = (f, k) => { let b = 0; f.forEach((g, i) => { if (Math.abs(T[g] - T[k]) < Math.abs(T[f[b]] - T[k])) b = i; }); return b; };
// as many digits as tell one part in a thousand of the range apart
const fmt = (v, m) => { const g = Math.max(0, Math.min(9, 3 - Math.floor(Math.log10(m.hi - m.lo)))); return (Math.max(Math.abs(m.lo), Math.abs(m.hi)) >= 1e5 ? v.toExponential(3) : v.toFixed(g)).replace('-', '−'); };
const esc = t => String(t).replace(/[&<>"]/g, c => '&#' + c.charCodeAt(0) + ';');
for (const v of [M.section, M.solid]) if (v) { v.b = words(v.b); for (const m of v.m) { m.i = words(m.i); m.v = bytes(m.v); if (m.d) m.d = bytes(m.d); } }
const sl = $('#tsl'), now = () => sl ? +sl.value : 0, S = M.section, B = S.b, N = 64;
const path = []; for (let i = 0; i < B.length; i += 4) path.push(`M${B[i] / 10} ${B[i + 1] / 10}h${B[i + 2] / 10}v${B[i + 3] / 10}h-${B[i + 2] / 10}z`);
let last = -1;
function show() {
  const k = near(S.f, now()); if (k === last) return; last = k;
  S.m.forEach((m, q) => {
    const svg = $('#map' + q), n = m.i.length, d = Array(N).fill('');
    for (let i = 0; i < n; i++) d[m.v[k * n + i] * N >> 8] += path[m.i[i]];
    $$('.mtiles path', svg).forEach((p, i) => p.setAttribute('d', d[i]));
    if (!m.d) return;
    let a = ''; const f = v => v.toFixed(1);
    m.a.forEach((c, i) => {
      const t = m.d[k * m.a.length + i]; if (t === 255) return;
      const j = 4 * m.i[c], x = (B[j] + B[j + 2] / 2) / 10, y = (B[j + 1] + B[j + 3] / 2) / 10, w = t / 254 * 2 * Math.PI, e = (r, u) => f(x + r * Math.cos(w + u)) + ' ' + f(y + r * Math.sin(w + u));
      a += `M${e(-8, 0)}L${e(8, 0)}M${e(5, .6)}L${e(8, 0)}L${e(5, -.6)}`;
    });
    $('.ma', svg).setAttribute('d', a);
  });
}
document.addEventListener('cw-time', show); show();
S.m.forEach((m, q) => {
  const svg = $('#map' + q), hit = $('.hit', svg), out = $('.read', svg.parentNode);
  hit.addEventListener('pointermove', e => {
    const r = svg.getBoundingClientRect(), z = svg.viewBox.baseVal.width / r.width, x = (e.clientX - r.left) * z * 10, y = (e.clientY - r.top) * z * 10, n = m.i.length;
    let f = null; for (let i = 0; i < n; i++) { const j = 4 * m.i[i]; if (x >= B[j] && x <= B[j] + B[j + 2] && y >= B[j + 1] && y <= B[j + 1] + B[j + 3]) f = i; }
    if (f == null) { out.style.display = 'none'; return; }
    out.innerHTML = `${esc(m.q)}: <b>${fmt(m.lo + (m.hi - m.lo) * m.v[last * n + f] / 255, m)}</b>`; out.style.display = 'block';
    const W = r.width, p = e.clientX - r.left; out.style.left = (p > W * .55 ? Math.max(0, p - out.offsetWidth - 14) : p + 14) + 'px';
  });
  hit.addEventListener('pointerleave', () => { out.style.display = 'none'; });
});
return { M, near, now, fmt, $ };
})();
