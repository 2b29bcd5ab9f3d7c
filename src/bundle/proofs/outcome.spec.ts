import type { Container, LedgerFinding, SealFinding, TimestampFinding } from '../findings.ts';
import { outcomeOf } from '../outcome.ts';

const none = { state: 'none' } as const;
const time = (state: 'sound' | 'untrusted'): TimestampFinding => ({
  ...{ state, time: '2026-11-30T12:00:00Z', authority: 'CN=TSA' },
});
const seal = (state: 'sound' | 'untrusted', timestamp: TimestampFinding = time('sound')): SealFinding => {
  const found = { signer: 'CN=Seal', issuer: 'CN=CA', claimedTime: null, timestamp };
  return state === 'sound' ? { state, ...found } : { state, reason: 'issuer', ...found };
};
const place = { origin: 'sigill.example/ledger/a', number: 7, size: 9, signedBy: [], timestamp: none } as const;
const word: LedgerFinding = { state: 'exporters-word', ...place };
const broken: TimestampFinding = { state: 'unsound', reason: 'imprint' };

describe('what stands around a signature', () => {
  it.each<[string, Container, SealFinding, LedgerFinding, string]>([
    ['a folder without a seal passes', 'folder', none, none, 'passed'],
    ['evidence as JSON without a seal passes', 'json', none, none, 'passed'],
    ['a bundle without a seal fails', 'bundle', none, none, 'failed'],
    ['an export without a seal fails', 'export', none, none, 'failed'],
    ['a bundle with a sound seal passes', 'bundle', seal('sound'), word, 'passed'],
    ['a seal of an issuer that was not given stays open', 'bundle', seal('untrusted'), word, 'indeterminate'],
    ['a seal with a foreign timestamp fails', 'bundle', seal('untrusted', broken), word, 'failed'],
    [
      'a timestamp of an unknown authority stays open',
      'bundle',
      seal('untrusted', time('untrusted')),
      word,
      'indeterminate',
    ],
    ['a wrong proof fails', 'folder', none, { state: 'unsound', reason: 'proof' }, 'failed'],
    ['a checkpoint with a wrong timestamp fails', 'folder', none, { ...word, timestamp: broken }, 'failed'],
  ])('%s', (_, container, sealFinding, ledger, expected) => {
    expect(outcomeOf({ container, seal: sealFinding, ledger }, { keptCheckpoint: false })).toBe(expected);
  });

  it.each<[string, LedgerFinding, string]>([
    ['stays open without any proof', none, 'indeterminate'],
    ['stays open while the kept checkpoint is not compared', { ...word, reason: 'tiles-needed' }, 'indeterminate'],
    ['passes where it agrees', { ...place, state: 'proved', keptSize: 9 }, 'passed'],
    ['fails where it shows another history', { state: 'unsound', reason: 'split-view' }, 'failed'],
  ])('with a kept checkpoint it %s', (_, ledger, expected) => {
    expect(outcomeOf({ container: 'folder', seal: none, ledger }, { keptCheckpoint: true })).toBe(expected);
  });
});
