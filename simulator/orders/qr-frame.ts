import { createHmac, timingSafeEqual } from 'node:crypto';

/** A scanned frame: `bankid.<qrStartToken>.<t>.<authCode>`. */
export interface QrFrame {
  readonly qrStartToken: string;
  readonly seconds: number;
  readonly authCode: string;
}

/** The text of the frame shown `seconds` after the answer to `/sign`. */
export function qrFrame(qrStartToken: string, qrStartSecret: string, seconds: number): string {
  return `bankid.${qrStartToken}.${seconds}.${authCode(qrStartSecret, seconds)}`;
}

/** Undefined for text that is not a frame. */
export function findQrFrame(text: string): QrFrame | undefined {
  const match = /^bankid\.([0-9a-f-]{36})\.(0|[1-9]\d{0,8})\.([0-9a-f]{64})$/.exec(text.trim());
  const [, qrStartToken, seconds, code] = match ?? [];
  if (qrStartToken === undefined || seconds === undefined || code === undefined) return undefined;
  return { qrStartToken, seconds: Number(seconds), authCode: code };
}

/** Whether the frame was made with this secret. */
export function isAuthentic(frame: QrFrame, qrStartSecret: string): boolean {
  return timingSafeEqual(Buffer.from(frame.authCode), Buffer.from(authCode(qrStartSecret, frame.seconds)));
}

function authCode(qrStartSecret: string, seconds: number): string {
  return createHmac('sha256', qrStartSecret).update(String(seconds)).digest('hex');
}
