/** How distances are told: to four digits behind the point. */

const SCALE = 10_000;

/** A distance that is not negative, rounded to four digits behind the point; halves to the even one. */
export function roundDistance(distance: number): number {
  return scaled(distance) / SCALE;
}

/** The text of a distance that was rounded so, with all its four digits: `0.5000`. */
export function distanceText(distance: number): string {
  if (!Number.isFinite(distance)) return distance > 0 ? 'inf' : 'nan';
  const digits = String(Math.round(distance * SCALE)).padStart(5, '0');
  return `${digits.slice(0, -4)}.${digits.slice(-4)}`;
}

function scaled(distance: number): number {
  const exact = distance * SCALE;
  const rounded = Math.round(exact);
  return rounded - exact === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
