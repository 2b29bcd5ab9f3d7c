import { checkChain, linkHash, type LinkedEvent } from './check-chain.ts';

const SUBJECT = 'consent:bank:1';

function chain(length: number): LinkedEvent[] {
  const events: LinkedEvent[] = [];
  let previousHash: Uint8Array = new Uint8Array(32);
  for (let seq = 1; seq <= length; seq += 1) {
    const event = JSON.stringify({ subject: SUBJECT, type: `event.${seq}` });
    const hash = linkHash(previousHash, seq, event);
    events.push({ subject: SUBJECT, seq, event, previousHash, hash });
    previousHash = hash;
  }
  return events;
}

describe('a chain of audit events', () => {
  it('is sound as written, and says where it ends', () => {
    const events = chain(5);
    expect(checkChain(SUBJECT, events)).toEqual({ sound: true, head: { seq: 5, hash: events[4]!.hash } });
    expect(checkChain(SUBJECT, [])).toEqual({ sound: true, head: undefined });
  });

  it('shows an edit', () => {
    const events = chain(5);
    events[2] = { ...events[2]!, event: events[2]!.event.replace('event.3', 'event.x') };
    expect(checkChain(SUBJECT, events)).toEqual({ sound: false, seq: 3, fault: 'edited' });
  });

  it('shows an edit whose own hash was made anew', () => {
    const events = chain(5);
    const event = events[2]!.event.replace('event.3', 'event.x');
    events[2] = { ...events[2]!, event, hash: linkHash(events[2]!.previousHash, 3, event) };
    expect(checkChain(SUBJECT, events)).toEqual({ sound: false, seq: 4, fault: 'unlinked' });
  });

  it('shows a deletion, at the start and in the middle', () => {
    expect(checkChain(SUBJECT, chain(5).slice(1))).toMatchObject({ sound: false, fault: 'reordered-or-missing' });
    expect(
      checkChain(
        SUBJECT,
        chain(5).filter(({ seq }) => seq !== 3),
      ),
    ).toMatchObject({ sound: false, seq: 3 });
  });

  it('shows a new order', () => {
    const [a, b, c] = chain(3);
    expect(checkChain(SUBJECT, [a!, c!, b!])).toMatchObject({ sound: false, fault: 'reordered-or-missing' });
    expect(checkChain(SUBJECT, [a!, { ...c!, seq: 2 }, { ...b!, seq: 3 }])).toMatchObject({
      sound: false,
      fault: 'unlinked',
    });
  });

  it('shows that the end was cut off to whoever has noted a head', () => {
    const events = chain(5);
    const { seq, hash } = events[4]!;
    expect(checkChain(SUBJECT, events.slice(0, 3), { seq, hash })).toEqual({
      sound: false,
      seq: 5,
      fault: 'truncated',
    });
    expect(checkChain(SUBJECT, events, { seq: 3, hash: events[2]!.hash })).toMatchObject({ sound: true });
  });

  it('shows a chain of another subject', () => {
    expect(checkChain('consent:bank:2', chain(2))).toMatchObject({ sound: false, seq: 1, fault: 'foreign' });
  });
});
