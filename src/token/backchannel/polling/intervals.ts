import type { BackchannelWay } from '../../../clients/payer-ways.ts';

/** Seconds between two polls. In a phone call a person first has to find the app; before an app or a QR code, a person waits. */
const intervals: Readonly<Record<BackchannelWay, number>> = { app: 2, qr: 2, phone: 5 };

export function intervalOf(way: BackchannelWay): number {
  return intervals[way];
}
