import { createRequire } from 'node:module';
import { PNG } from 'pngjs';
import { AppError } from '../orders/app-error.ts';

type ReadQr = (pixels: Uint8ClampedArray, width: number, height: number) => { readonly data: string } | null;

// jsqr is CommonJS whose types promise a default export that Node's interop does not give.
const readQr = createRequire(import.meta.url)('jsqr') as ReadQr | { readonly default: ReadQr };

/**
 * The text of the QR code in an uploaded PNG (multipart/form-data with one file).
 * @throws AppError `image-unreadable`
 */
export function readQrImage(body: Buffer, contentType: string): string {
  const png = parsePng(filePart(body, contentType));
  const pixels = new Uint8ClampedArray(png.data.buffer, png.data.byteOffset, png.data.length);
  const read = typeof readQr === 'function' ? readQr : readQr.default;
  const code = read(pixels, png.width, png.height);
  if (!code) throw unreadable('No QR code was found in the picture.');
  return code.data;
}

function parsePng(bytes: Buffer): PNG {
  const isPng = bytes.subarray(1, 4).toString('latin1') === 'PNG';
  const pixels = isPng ? bytes.readUInt32BE(16) * bytes.readUInt32BE(20) : 0;
  if (pixels === 0 || pixels > 40_000_000) throw unreadable('Choose a PNG picture, for example a screenshot.');
  try {
    return PNG.sync.read(bytes);
  } catch {
    throw unreadable('The picture is damaged.');
  }
}

/** The contents of the first part: after its blank line, before the next delimiter (RFC 7578). */
function filePart(body: Buffer, contentType: string): Buffer {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1];
  if (boundary === undefined) throw unreadable('No picture came with the form.');
  const start = body.indexOf('\r\n\r\n');
  const end = body.indexOf(`\r\n--${boundary}`, start);
  if (start < 0 || end < 0) throw unreadable('No picture came with the form.');
  return body.subarray(start + 4, end);
}

const unreadable = (message: string): AppError => new AppError(400, 'image-unreadable', message);
