import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Source Sans 3 (SIL Open Font License 1.1) in TrueType: a PDF/A must embed what it is set in. */
export interface Fonts {
  readonly regular: Uint8Array;
  readonly semibold: Uint8Array;
}

let read: Fonts | undefined;

/** Read once for a process. */
export function readFonts(): Fonts {
  read ??= { regular: readFont('Regular'), semibold: readFont('Semibold') };
  return read;
}

function readFont(weight: string): Uint8Array {
  return readFileSync(createRequire(import.meta.url).resolve(`source-sans/TTF/SourceSans3-${weight}.ttf`));
}
