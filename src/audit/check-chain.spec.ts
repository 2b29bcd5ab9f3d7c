import { ChainCheck, findChainFaults, linkHash, type LinkedEvent } from './check-chain.ts';

const SUBJECT = 'consent:bank:1';

function chain(length: number, subject = SUBJECT): LinkedEvent[] {
  const events: LinkedEvent[] = [];
  let previousHash: Uint8Array = new Uint8Array(32);
  for (let seq = 1; seq <= length; seq += 1) {
    events.push(linked(previousHash, { subject, seq, event: `{"type":"event.${seq}"}` }));
    previousHash = events.at(-1)!.hash;
  }
  return events;
}

function linked(previousHash: Uint8Array, event: Pick<LinkedEvent, 'subject' | 'seq' | 'event'>): LinkedEvent {
  return { ...event, previousHash, hash: linkHash(previousHash, event) };
}

describe('a chain of audit events', () => {
  it('is sound as written, and so are several, one after the other', () => {
    expect(findChainFaults([])).toEqual([]);
    expect(findChainFaults([...chain(5), ...chain(1, 'consent:bank:2'), ...chain(3, 'caller:bank')])).toEqual([]);
  });

  it('shows an edit, and no other event beside it', () => {
    const events = chain(5);
    events[2] = { ...events[2]!, event: '{"type":"event.x"}' };
    expect(findChainFaults(events)).toEqual([{ subject: SUBJECT, seq: 3, fault: 'edited' }]);
  });

  it('shows an edit whose own hash was made anew', () => {
    const events = chain(5);
    events[2] = linked(events[2]!.previousHash, { ...events[2]!, event: '{"type":"event.x"}' });
    expect(findChainFaults(events)).toEqual([{ subject: SUBJECT, seq: 4, fault: 'unlinked' }]);
  });

  it('shows a deletion, at the start and in the middle', () => {
    expect(findChainFaults(chain(5).slice(1))).toEqual([{ subject: SUBJECT, seq: 1, fault: 'missing' }]);
    expect(findChainFaults(chain(5).filter(({ seq }) => seq !== 3))).toEqual([
      { subject: SUBJECT, seq: 3, fault: 'missing' },
    ]);
  });

  it('shows a deletion whose gap was closed', () => {
    const events = chain(5).filter(({ seq }) => seq !== 3);
    const closed = events.map((event, index) => ({ ...event, seq: index + 1 }));
    expect(findChainFaults(closed)).toEqual([
      { subject: SUBJECT, seq: 3, fault: 'unlinked' },
      { subject: SUBJECT, seq: 3, fault: 'edited' },
      { subject: SUBJECT, seq: 4, fault: 'edited' },
    ]);
  });

  it('shows a new order', () => {
    const [a, b, c] = chain(3);
    expect(findChainFaults([a!, { ...c!, seq: 2 }, { ...b!, seq: 3 }]).map(({ seq }) => seq)).toEqual([2, 2, 3, 3]);
  });

  it('shows an event that was moved to another subject, place for place', () => {
    const moved = chain(1, 'consent:bank:2').map((event) => ({ ...event, subject: SUBJECT }));
    expect(findChainFaults(moved)).toEqual([{ subject: SUBJECT, seq: 1, fault: 'edited' }]);
  });

  it('does not take a byte of the subject for one of the text', () => {
    const start = new Uint8Array(32);
    const event = { subject: 'a', seq: 1, event: '{}' };
    expect(linkHash(start, event)).not.toEqual(linkHash(start, { subject: 'a{', seq: 1, event: '}' }));
    expect(linkHash(start, event)).not.toEqual(linkHash(start, { ...event, seq: 2 }));
  });

  it('names every fault of a chain', () => {
    const events = chain(6).filter(({ seq }) => seq !== 2);
    events[2] = { ...events[2]!, event: '{}' };
    const check = new ChainCheck();
    expect(events.flatMap((event) => check.next(event)).map(({ seq, fault }) => `${seq} ${fault}`)).toEqual([
      '2 missing',
      '4 edited',
    ]);
  });
});
