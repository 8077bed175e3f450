(() => {
'use strict';
const $ = (q, e = document) => e.querySelector(q), $$ = (q, e = document) => [...e.querySelectorAll(q)], root = document.documentElement;
const D = JSON.parse($('#D').textContent), P = D.plots, NS = 'http://www.w3.org/2000/svg';
for (const id in P) P[id].s.forEach((s, i, a) => { if (s.x === 0) s.x = a[i - 1].x; });
const sup = { '-': '⁻', 0: '⁰', 1: '¹', 2: '²', 3: '³', 4: '⁴', 5: '⁵', 6: '⁶', 7: '⁷', 8: '⁸', 9: '⁹' };
const fmt = v => {
  if (v == null || !isFinite(v)) return '—';
  const a = Math.abs(v);
  if (a && (a < 1e-3 || a >= 1e5)) { const [m, e] = v.toExponential(2).split('e'); return m.replace('-', '−') + ' × 10' + [...String(+e)].map(c => sup[c]).join(''); }
  return (a < 1e-12 ? '0' : v.toPrecision(4)).replace('-', '−');
};
const esc = t => String(t).replace(/[&<>"]/g, c => '&#' + c.charCodeAt(0) + ';');
const L = Math.log, lin = (v, [a, b], l) => l ? (L(v) - L(a)) / (L(b) - L(a)) : (v - a) / (b - a), inv = (q, [a, b], l) => l ? Math.exp(L(a) + q * (L(b) - L(a))) : a + q * (b - a);
const clamp = (v, a, b) => Math.max(a, Math.min(b, v));
const warp = (w, x) => { if (!w.length) return x; let i = 0; while (i < w.length - 2 && w[i + 1][0] < x) i++; const [a, b] = [w[i], w[i + 1]]; return a[1] + (b[1] - a[1]) * (x - a[0]) / (b[0] - a[0] || 1); };
const near = (a, v) => { let b = 0, d = 1 / 0; a.forEach((q, i) => { const e = Math.abs(q - v); if (e < d) { d = e; b = i; } }); return b; };
// value of a series at x, linear between its points; nothing in gaps and outside
const at = (s, x, l) => {
  const X = s.x, n = X.length;
  if (n === 1) return null;
  for (let i = 1; i < n; i++) {
    const a = X[i - 1], b = X[i], p = s.y[i - 1], q = s.y[i];
    if (a == null || b == null || p == null || q == null) continue;
    if ((a <= x && x <= b) || (b <= x && x <= a)) return a === b ? q : p + (q - p) * lin(x, [a, b], l);
  }
  return null;
};

// fields: 16-bit integers, base64
const F = D.prof.map(f => {
  const raw = Uint8Array.from(atob(f.v), c => c.charCodeAt(0)), U = new Uint16Array(raw.buffer), N = f.n.reduce((a, b) => a + b, 0);
  return { ...f, N, at: (k, i) => { const q = U[k * N + i]; return q === 65535 ? null : f.lo + (f.hi - f.lo) * q / 65534; } };
});

// state in the address
const st = Object.fromEntries(new URLSearchParams(location.hash.includes('=') ? location.hash.slice(1) : ''));
const save = () => { try { history.replaceState(null, '', '#' + new URLSearchParams(st)); } catch { } };

// theme
const tb = $('#theme'), themes = ['auto', 'light', 'dark'];
const setTheme = t => { if (t === 'auto') { delete root.dataset.theme; delete st.theme; } else { root.dataset.theme = t; st.theme = t; } tb.textContent = 'Theme: ' + t; };
tb.onclick = () => { setTheme(themes[(themes.indexOf(st.theme || 'auto') + 1) % 3]); save(); };
if (themes.includes(st.theme)) setTheme(st.theme);

// time
const sl = $('#tsl'), tout = $('#tout'), T = D.t;
let k = sl ? +sl.value : 0;
const text = s => { const v = s / D.f; return v.toFixed(v >= 1000 ? 0 : v >= 100 ? 1 : 2) + ' ' + D.u; };
const place = p => (x, y) => [p.b[0] + p.b[2] * lin(x, p.x, p.xl), p.b[1] + p.b[3] * (1 - clamp(lin(y, p.y, p.yl), -8, 9))];
const line = pts => { let d = '', pen = false; for (const q of pts) { if (!q) { pen = false; continue; } d += (pen ? 'L' : 'M') + q[0].toFixed(1) + ' ' + q[1].toFixed(1); pen = true; } return d; };
function time(n, keep) {
  if (!sl) return;
  k = clamp(n, 0, T.length - 1); sl.value = k;
  const now = D.loss.map(l => l[k]), m = now.indexOf(Math.max(...now)), parts = [`<b>${text(T[k])}</b>`];
  if (D.steps[D.k[k]]) parts.push(esc(D.steps[D.k[k]]));
  if (D.v[k] != null) parts.push(D.v[k].toFixed(3).replace('-', '−') + ' V');
  if (now.length && now[m] > 0.05) parts.push(`most lost: ${esc(D.ln[m])} ${now[m].toPrecision(3)} mV`);
  tout.innerHTML = parts.join(' · '); sl.setAttribute('aria-valuetext', tout.textContent);
  const pt = $('#ptime'); if (pt) pt.textContent = text(T[k]);
  document.dispatchEvent(new Event('cw-time'));
  for (const id in P) if (P[id].t) { const e = $('#' + id + ' .now'); e && e.setAttribute('transform', `translate(${(P[id].b[2] * lin(T[k] / D.f, P[id].x)).toFixed(1)} 0)`); }
  for (const f of F) {
    const p = P[f.p], put = place(p); let o = 0;
    f.n.forEach((n, r) => { const s = p.s[f.s + r], pts = []; for (let i = 0; i < n; i++) { const y = f.at(k, o + i); s.y[i] = y; pts.push(y == null ? null : put(s.x[i], y)); } o += n; $(`#${f.p} path[data-s="${f.s + r}"]`).setAttribute('d', line(pts)); });
  }
  $$('[data-now-loss]').forEach(e => { const i = e.dataset.nowLoss, v = i === 'sum' ? now.reduce((a, b) => a + b, 0) : now[i]; e.textContent = Math.abs(v) < 0.005 ? '0.00' : v.toFixed(Math.abs(v) < 10 ? 2 : Math.abs(v) < 100 ? 1 : 0).replace('-', '−'); });
  if (keep) { st.t = Math.round(T[k] * 1000) / 1000; save(); }
}
let timer = 0;
if (sl) {
  sl.oninput = () => time(+sl.value); sl.onchange = () => time(+sl.value, 1);
  const play = $('#play'), calm = matchMedia('(prefers-reduced-motion:reduce)').matches;
  play.onclick = () => { if (timer) { clearInterval(timer); timer = 0; play.textContent = 'Play'; time(k, 1); } else { play.textContent = 'Pause'; timer = setInterval(() => time(k >= T.length - 1 ? 0 : k + 1), calm ? 400 : 80); } };
  if (st.t != null && isFinite(+st.t)) k = near(T, +st.t);
  time(k);
}

// read-out by pointer and keyboard
const off = (id, i) => !!$(`#${id} .s[data-s="${i}"].off`);
for (const id in P) {
  const p = P[id], s = $('#' + id); if (!s) continue;
  const hit = $('.hit', s), cur = $('.cur', s), dot = $('.curd', s), bar = $('.curl', s), rd = $(`output[for="${id}"]`), put = place(p); let ci = 0.5;
  const row = (c, n, v) => `<tr><td>${c ? `<i style="background:${c}"></i>` : ''}${esc(n)}<td>${v}`;
  const show = (fx, fy) => {
    const xv = inv(fx, p.x, p.xl); let html = '', dots = '', left = p.b[0] + p.b[2] * fx;
    if (p.m != null) {
      const f = F.find(q => q.m === id), t = xv * D.f, a = clamp(near(T, t), 0, T.length - 1), u = 1 - fy, q = P[f.p]; let o = 0, v = null;
      f.n.forEach((n, r) => { const X = q.s[f.s + r].x, w = n > 1 ? (X[n - 1] - X[0]) / (n - 1) : 1; if (u >= X[0] - w && u <= X[n - 1] + w && v == null) v = f.at(a, o + near(X, u)); o += n; });
      html = `<table>${row('', p.xn, fmt(T[a] / D.f))}${row('', p.yn, fmt(warp(p.v, u)))}${row('', f.q, fmt(v))}</table>`;
    } else if (p.p) {
      let b = null; const px = left, py = p.b[1] + p.b[3] * fy;
      p.s.forEach((q, i) => { if (off(id, i) || (!q.n && p.s.length > 1)) return; q.x.forEach((v, j) => { if (v == null || q.y[j] == null) return; const [X, Y] = put(v, q.y[j]), d = Math.hypot(X - px, Y - py); if (!b || d < b.d - 1e-9) b = { d, X, Y, q, v, y: q.y[j] }; }); });
      if (!b) return;
      bar.setAttribute('visibility', 'hidden'); dots = `<circle cx="${b.X}" cy="${b.Y}" r="6" fill="none" stroke="var(--ink)" stroke-width="1.5"/>`; left = b.X;
      html = `${b.q.n ? `<b>${esc(b.q.n)}</b>` : ''}<table>${row('', p.xn, fmt(b.v))}${row('', p.yn, fmt(b.y))}</table>`;
    } else {
      let sum = 0, up = 0, down = 0, n = 0, stack = false;
      p.s.forEach((q, i) => {
        if (off(id, i)) return; const y = at(q, xv, p.xl); if (y == null) return; let Y = y;
        if (q.k === 1) { stack = true; sum += y; Y = y >= 0 ? (up += y) : (down += y); }
        n++; html += row(q.c, q.n, fmt(y)); const [cx, cy] = put(xv, Y);
        if (cy >= p.b[1] - 1 && cy <= p.b[1] + p.b[3] + 1) dots += `<circle cx="${cx}" cy="${cy}" r="3.4" fill="var(--paper)" stroke="${q.c}" stroke-width="1.8"/>`;
      });
      if (!n) { hide(); return; }
      html = `${esc(p.xn)}: <b>${fmt(warp(p.w, xv))}</b><table>${html}${stack ? row('', 'Sum', fmt(sum)) : ''}</table><span class="un">${esc(p.yn)}</span>`;
    }
    cur.setAttribute('visibility', 'visible'); bar.setAttribute('transform', `translate(${left} 0)`); dot.innerHTML = dots; rd.innerHTML = html; rd.style.display = 'block';
    const W = s.getBoundingClientRect().width, x = W * left / s.viewBox.baseVal.width; rd.style.left = (x > W * .55 ? Math.max(0, x - rd.offsetWidth - 14) : x + 14) + 'px';
  };
  const hide = () => { cur.setAttribute('visibility', 'hidden'); rd.style.display = 'none'; };
  const where = e => { const r = hit.getBoundingClientRect(); return [clamp((e.clientX - r.left) / r.width, 0, 1), clamp((e.clientY - r.top) / r.height, 0, 1)]; };
  hit.addEventListener('pointermove', e => { const [fx, fy] = where(e); ci = fx; show(fx, fy); });
  hit.addEventListener('pointerleave', hide); s.addEventListener('blur', hide);
  if (p.t && sl) hit.addEventListener('click', e => time(near(T, inv(where(e)[0], p.x, p.xl) * D.f), 1));
  s.addEventListener('keydown', e => {
    if (e.key === 'ArrowRight' || e.key === 'ArrowLeft') { e.preventDefault(); e.stopPropagation(); ci = clamp(ci + (e.key === 'ArrowRight' ? .02 : -.02), 0, 1); show(ci, .5); }
    else if (e.key === 'Enter' && p.t) time(near(T, inv(ci, p.x, p.xl) * D.f), 1);
    else if (e.key === 'Escape') hide();
  });
}

// legend toggles; areas pile up again without the hidden ones
$$('.leg button').forEach(b => b.onclick = () => {
  const id = b.dataset.p, p = P[id], on = b.getAttribute('aria-pressed') === 'true'; b.setAttribute('aria-pressed', !on);
  $$(`#${id} .s[data-s="${b.dataset.s}"]`).forEach(e => e.classList.toggle('off', on));
  if (!p.s.some(q => q.k === 1)) return;
  const put = place(p), n = p.s[0].x.length, up = new Array(n).fill(0), down = new Array(n).fill(0);
  p.s.forEach((q, i) => {
    if (q.k !== 1 || off(id, i)) return; let d = '';
    for (const [pile, sign] of [[up, 1], [down, -1]]) {
      if (sign < 0 && !q.y.some(v => v < 0)) continue; const a = [], c = [];
      q.y.forEach((v, j) => { c.push(put(q.x[j], pile[j])); pile[j] += sign * Math.max(0, sign * v); a.push(put(q.x[j], pile[j])); });
      d += line(a.concat(c.reverse())) + 'Z';
    }
    $(`#${id} path[data-s="${i}"]`).setAttribute('d', d);
  });
});

// copy data, copy picture; a download where the clipboard is refused
const say = (b, t) => { const o = b.dataset.o ??= b.textContent; b.textContent = t; setTimeout(() => b.textContent = o, 1400); };
const saveFile = (name, type, t) => { const a = document.createElement('a'); a.href = URL.createObjectURL(new Blob([t], { type })); a.download = name; a.click(); setTimeout(() => URL.revokeObjectURL(a.href), 2e3); };
const copy = (b, t, name, type) => { const no = () => { saveFile(name, type, t); say(b, 'Saved'); }; navigator.clipboard ? navigator.clipboard.writeText(t).then(() => say(b, 'Copied'), no) : no(); };
const cell = t => /[",\n]/.test(t) ? '"' + String(t).replace(/"/g, '""') + '"' : t;
$$('[data-csv]').forEach(b => b.onclick = () => {
  const id = b.dataset.csv, p = P[id], five = v => v == null ? '' : +v.toPrecision(6); let o = '';
  if (p.m != null) {
    const f = F.find(q => q.m === id), q = P[f.p]; o = ['Test Time / s', q.xn, f.q].map(cell).join() + '\n';
    T.forEach((t, a) => { let i = 0; f.n.forEach((n, r) => { for (let j = 0; j < n; j++) o += `${t},${five(warp(q.w, q.s[f.s + r].x[j]))},${five(f.at(a, i++))}\n`; }); });
  } else {
    o = ['series', p.xc[0], p.yc[0]].map(cell).join() + '\n';
    p.s.forEach(s => s.x.forEach((x, i) => { if (x != null && s.n) o += `${cell(s.n)},${five(warp(p.w, x) * p.xc[1])},${five(s.y[i] == null ? null : s.y[i] * p.yc[1])}\n`; }));
  }
  copy(b, o, id + '.csv', 'text/csv');
});
$$('[data-svg]').forEach(b => b.onclick = () => {
  const s = $('#' + b.dataset.svg), c = s.cloneNode(true), A = $$('*', s), B = $$('*', c), keep = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'opacity', 'font-size', 'font-family', 'font-weight', 'text-anchor', 'display', 'paint-order'];
  A.forEach((e, i) => { const g = getComputedStyle(e); for (const q of keep) B[i].style.setProperty(q, g.getPropertyValue(q)); });
  $$('.hit,.cur', c).forEach(e => e.remove()); c.setAttribute('xmlns', NS); c.setAttribute('width', s.viewBox.baseVal.width);
  copy(b, new XMLSerializer().serializeToString(c), b.dataset.svg + '.svg', 'image/svg+xml');
});
const des = $('#dldes'); if (des) des.onclick = () => saveFile(des.dataset.name || 'design.toml', 'text/plain', $('#destext').textContent);

// state of the switches, keys, chapter mark
for (const name of ['pq', 'xs']) $$(`input[name=${name}]`).forEach(e => { if (st[name] === e.value) e.checked = true; e.addEventListener('change', () => { st[name] = e.value; save(); }); });
const secs = $$('main section'), links = $$('nav a');
addEventListener('keydown', e => {
  if (e.target.matches('input:not([type=radio]),textarea,select') || e.ctrlKey || e.metaKey || e.altKey) return;
  if (e.key === 't') tb.click();
  else if (e.key === '?') $('footer').scrollIntoView();
  else if ((e.key === 'ArrowRight' || e.key === 'ArrowLeft') && !e.target.matches('input')) time(k + (e.key === 'ArrowRight' ? 1 : -1), 1);
  else if (e.key === '[' || e.key === ']') { const i = secs.findLastIndex(s => s.getBoundingClientRect().top < 130); (secs[i + (e.key === ']' ? 1 : -1)] || document.body).scrollIntoView(); }
});
const mark = new IntersectionObserver(es => es.forEach(e => { if (e.isIntersecting) links.forEach(a => a.toggleAttribute('aria-current', a.hash === '#' + e.target.id)); }), { rootMargin: '-20% 0px -70% 0px' });
secs.forEach(s => mark.observe(s));
links.forEach(a => a.addEventListener('click', e => { e.preventDefault(); const s = $(a.hash); s.scrollIntoView(); s.setAttribute('tabindex', -1); s.focus({ preventScroll: true }); }));
})();
