import { foundIn } from './health-timer.ts';

const at = new Date('2026-12-01T12:00:00Z');
const up = { status: 'up' } as const;

describe('the health that is recorded with evidence', () => {
  it('names the parts that were degraded or down, and the offset of the clock', () => {
    const details = {
      database: up,
      bankid: { status: 'degraded', message: 'does not answer with every RP certificate' } as const,
      clock: { ...up, offsetMs: 3, bankidOffsetMs: -40 },
      keys: { status: 'down', rings: ['look-up'], message: 'a key is missing' } as const,
    };
    expect(foundIn({ status: 'error', details }, at)).toEqual({
      checkedAt: at,
      status: 'error',
      bankidOffsetMs: -40,
      degraded: ['bankid'],
      down: ['keys'],
    });
  });

  it('says of a clock that could not be compared that it was not', () => {
    const details = { clock: { status: 'degraded', offsetMs: null, bankidOffsetMs: null } as const };
    expect(foundIn({ status: 'degraded', details }, at)).toMatchObject({ bankidOffsetMs: null, degraded: ['clock'] });
    expect(foundIn({ status: 'ok', details: {} }, at)).toMatchObject({ bankidOffsetMs: null, degraded: [], down: [] });
  });
});
