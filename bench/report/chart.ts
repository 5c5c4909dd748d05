import type { Curve, Series } from '../harness/result.js';
import { formatNumber } from './format.js';

const width = 640;
const height = 360;
const plot = { left: 70, right: 620, top: 48, bottom: 300 };

/** Told apart also without colours: each line has a mark of its own. Readable on white and on black. */
const styles = [
  { colour: '#3b82f6', mark: 'circle' },
  { colour: '#f97316', mark: 'square' },
  { colour: '#10b981', mark: 'diamond' },
] as const;

/** What text and axes are drawn with: grey enough for a light and a dark page. */
const ink = '#808890';

/** Where a value lies, and which values get a label. */
interface Axis {
  place(value: number): number;
  readonly ticks: readonly number[];
}

/**
 * Draws a curve: its x axis is logarithmic.
 *
 * @returns The text of an SVG file.
 */
export function chart({ title, xLabel, yLabel, yScale, series }: Curve): string {
  const points = series.flatMap((each) => each.points);
  const x = logAxis(
    points.map((point) => point.x),
    plot.left + 20,
    plot.right - 20,
  );
  const heights = points.map((point) => point.y);
  const y = yScale === 'log' ? logAxis(heights, plot.bottom, plot.top) : linearAxis(heights, plot.bottom, plot.top);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="system-ui, sans-serif" font-size="12" fill="${ink}">`,
    `  <title>${escaped(title)}</title>`,
    `  <text x="${plot.left}" y="20" font-size="14" font-weight="600">${escaped(title)}</text>`,
    ...y.ticks.flatMap((tick) => horizontal(y.place(tick), tick)),
    `  <path d="M${plot.left} ${plot.bottom}H${plot.right}" stroke="${ink}"/>`,
    ...x.ticks.map((tick) => text(x.place(tick), plot.bottom + 18, 'middle', tick.toLocaleString('en-US'))),
    text((plot.left + plot.right) / 2, plot.bottom + 38, 'middle', xLabel),
    text(plot.left, 38, 'middle', yLabel),
    ...series.flatMap((each, index) => drawn(each, index, x, y)),
    ...labels(points, x, y),
    '</svg>',
    '',
  ].join('\n');
}

function drawn({ label, points }: Series, index: number, x: Axis, y: Axis): string[] {
  const { colour, mark } = styles[index % styles.length] as (typeof styles)[number];
  const places = points.map((point) => [rounded(x.place(point.x)), rounded(y.place(point.y))] as const);
  const legend = plot.left + 20 + index * 170;
  const row = height - 10;
  return [
    `  <polyline fill="none" stroke="${colour}" stroke-width="2" points="${places.map((place) => place.join(',')).join(' ')}"/>`,
    ...places.map(([left, top]) => marked(mark, left, top, colour)),
    marked(mark, legend, row - 4, colour),
    text(legend + 10, row, 'start', label),
  ];
}

/** The highest value of a size is labelled above its mark, the others below where there is room: lines may be near each other. */
function labels(points: Series['points'], x: Axis, y: Axis): string[] {
  const highest = new Map<number, number>();
  for (const point of points) highest.set(point.x, Math.max(point.y, highest.get(point.x) ?? point.y));
  return points.map((point) => {
    const top = y.place(point.y);
    const isBelow = point.y !== highest.get(point.x) && top + 18 < plot.bottom;
    return text(x.place(point.x), isBelow ? top + 18 : top - 9, 'middle', formatNumber(point.y));
  });
}

function marked(mark: (typeof styles)[number]['mark'], x: number, y: number, colour: string): string {
  switch (mark) {
    case 'circle':
      return `  <circle cx="${x}" cy="${y}" r="4" fill="${colour}"/>`;
    case 'square':
      return `  <rect x="${x - 4}" y="${y - 4}" width="8" height="8" fill="${colour}"/>`;
    case 'diamond':
      return `  <path d="M${x} ${y - 5}l5 5l-5 5l-5 -5z" fill="${colour}"/>`;
    default:
      return mark satisfies never;
  }
}

function horizontal(top: number, tick: number): string[] {
  const line = `  <path d="M${plot.left} ${rounded(top)}H${plot.right}" stroke="${ink}" stroke-opacity="0.25"/>`;
  return [line, text(plot.left - 8, top + 4, 'end', formatTick(tick))];
}

function text(x: number, y: number, anchor: 'start' | 'middle' | 'end', words: string): string {
  return `  <text x="${rounded(x)}" y="${rounded(y)}" text-anchor="${anchor}">${escaped(words)}</text>`;
}

/** Powers of ten, from the one below the least value to the one above the largest. */
function logAxis(values: readonly number[], start: number, end: number): Axis {
  const first = Math.floor(Math.log10(Math.min(...values)));
  const last = Math.max(Math.ceil(Math.log10(Math.max(...values))), first + 1);
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => Number(`1e${first + index}`));
  return { place: (value) => start + ((end - start) * (Math.log10(value) - first)) / (last - first), ticks };
}

/** From 0, in some four round steps. */
function linearAxis(values: readonly number[], start: number, end: number): Axis {
  const largest = Math.max(...values);
  const power = 10 ** Math.floor(Math.log10(largest / 4));
  const step = ([1, 2, 5, 10].find((each) => each * power * 5 >= largest) ?? 10) * power;
  const count = Math.ceil((largest * 1.05) / step);
  const ticks = Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(6)));
  return { place: (value) => start + ((end - start) * value) / (count * step), ticks };
}

function formatTick(tick: number): string {
  return tick.toLocaleString('en-US', { maximumFractionDigits: 6 });
}

function rounded(place: number): number {
  return Math.round(place * 10) / 10;
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
