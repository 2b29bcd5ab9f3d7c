import QRCode from 'qrcode';

/** A QR code as SVG, without a margin: the page that shows it leaves one. */
export function drawQrCode(content: string): Promise<string> {
  return QRCode.toString(content, { type: 'svg', errorCorrectionLevel: 'L', margin: 0 });
}
