/** A colour as `#rrggbb`. */
export type Colour = `#${string}`;

export function isColour(value: unknown): value is Colour {
  return typeof value === 'string' && /^#[\dA-Fa-f]{6}$/.test(value);
}

/** From 1 (none) to 21 (black on white). @see WCAG 2.2, contrast ratio */
export function contrast(one: Colour, other: Colour): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/** Black or white, whichever is easier to read on this colour: one of them always has 4.5:1. */
export function textOn(colour: Colour): Colour {
  return contrast(colour, '#ffffff') >= contrast(colour, '#000000') ? '#ffffff' : '#000000';
}

/** @see WCAG 2.2, relative luminance */
function luminance(colour: Colour): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => linear(parseInt(colour.slice(at, at + 2), 16) / 255));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function linear(channel: number): number {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
}
