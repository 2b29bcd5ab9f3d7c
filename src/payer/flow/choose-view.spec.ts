import type { Progress } from '../../bankid-sign/sign-order.ts';
import type { Consent } from '../../consent/consent.ts';
import type { InteractionStatus } from '../../consent/signing.ts';
import type { Login } from '../../login/login.ts';
import { chooseView } from './choose-view.ts';
import { statusAnswer } from './status-answer.ts';

const now = new Date('2026-11-22T12:00:00Z');
const later = new Date('2026-11-22T12:05:00Z');
const tenMinutesAgo = new Date('2026-11-22T11:50:00Z');
const earlier = new Date('2026-11-22T11:55:00Z');

function consent(part: Partial<Consent> = {}): Consent {
  return { state: 'awaiting-authorisation', expiresAt: later, ...part } as Consent;
}

function progress(part: Partial<Progress> = {}): Progress {
  return {
    orderId: '4b2f6f5c-6a0e-4a9b-8a2e-0e0f5f6d7c11' as Progress['orderId'],
    state: 'pending',
    kind: 'sign',
    way: 'browser',
    device: 'other',
    platform: 'desktop',
    hintCode: undefined,
    messageCode: 'RFA1',
    qr: false,
    renewableUntil: later,
    renewals: 0,
    start: undefined,
    scan: undefined,
    failure: undefined,
    ...part,
  };
}

function viewOf(of: Consent, latest: Progress | undefined, limits: Partial<InteractionStatus> = {}): string {
  return chooseView({ consent: of, progress: latest, attemptsLeft: 5, pausedUntil: undefined, ...limits }, now);
}

describe('the page that a payer comes to', () => {
  it.each<[string, Progress | undefined, string]>([
    ['no device is chosen', undefined, 'payment'],
    ['a code can be scanned', progress({ qr: true }), 'qr'],
    ['the code is being renewed', progress({ state: 'starting' }), 'qr'],
    ['the code was scanned', progress({ hintCode: 'userSign' }), 'wait'],
    ['the app can be opened', progress({ device: 'this', hintCode: 'outstandingTransaction' }), 'launch'],
    ['the app was opened', progress({ device: 'this', hintCode: 'started' }), 'wait'],
    ['an unknown hint has come', progress({ device: 'this', hintCode: 'userDance' }), 'wait'],
    ['BankID has answered', progress({ state: 'complete' }), 'checking'],
    ['the payer cancelled in the app', progress({ state: 'failed', failure: 'userCancel' }), 'try-again'],
    ['the payer cancelled on the page', progress({ state: 'failed', failure: 'withdrawn' }), 'cancelled'],
    ['the code was not scanned for three minutes', progress({ state: 'failed', failure: 'startFailed' }), 'renew'],
    ['the link was not opened', progress({ state: 'failed', failure: 'startFailed', device: 'this' }), 'unopened'],
  ])('when %s', (_, latest, view) => {
    expect(viewOf(consent(), latest)).toBe(view);
  });

  it.each<[string, Progress | undefined]>([
    ['before the first press', undefined],
    ['after a failure', progress({ state: 'failed', failure: 'userCancel' })],
    ['after the payer cancelled here', progress({ state: 'failed', failure: 'withdrawn' })],
    ['after a QR code that was not scanned', progress({ state: 'failed', failure: 'startFailed' })],
  ])('offers no press that would be refused: %s', (_, latest) => {
    expect(viewOf(consent(), latest, { pausedUntil: later })).toBe('paused');
    expect(viewOf(consent(), latest, { attemptsLeft: 0 })).toBe('attempts');
    expect(viewOf(consent(), latest, { pausedUntil: earlier })).toBe(viewOf(consent(), latest));
  });

  it('offers no signing once the time is up, swept or not', () => {
    expect(viewOf(consent({ expiresAt: earlier }), undefined)).toBe('expired');
    expect(viewOf(consent({ expiresAt: now }), progress({ qr: true }))).toBe('expired');
    expect(viewOf(consent({ state: 'authorised', expiresAt: earlier }), undefined)).toBe('expired');
  });

  it('waits for the verdict on a signature that came before the time was up', () => {
    expect(viewOf(consent({ expiresAt: earlier }), progress({ state: 'complete' }))).toBe('checking');
  });

  it.each([
    ['declined', 'declined'],
    ['attempts', 'attempts'],
    ['risk', 'risk'],
    ['device-not-bound', 'device'],
    ['bank-policy', 'policy'],
    ['signature', 'signature'],
  ] as const)('says why a consent was rejected: %s', (reason, view) => {
    expect(viewOf(consent({ state: 'rejected', reason }), undefined)).toBe(view);
  });
});

describe('the status that a page polls', () => {
  const statusOf = (latest: Progress, attemptsLeft = 5) =>
    statusAnswer(
      { consent: consent(), progress: latest, attemptsLeft, pausedUntil: undefined },
      now,
      'sv',
      () => 'link',
    );

  it('keeps its version while a code is renewed in its place', () => {
    const first = statusOf(progress({ qr: true }));
    const renewed = statusOf(progress({ qr: true, orderId: 'other' as Progress['orderId'], renewals: 1 }));
    expect(renewed.version).toBe(first.version);
  });

  it('changes its version when the link belongs to another order, or another attempt was lost', () => {
    const link = (orderId: string): Progress => progress({ device: 'this', start: { orderId } as Progress['start'] });
    expect(statusOf(link('other')).version).not.toBe(statusOf(link('first')).version);
    const failed = progress({ state: 'failed', failure: 'userCancel' });
    expect(statusOf(failed, 3).version).not.toBe(statusOf(failed, 4).version);
  });

  it('says nothing of BankID until the app is opened, and brings the link that opens it', () => {
    const shown = progress({ device: 'this', hintCode: 'outstandingTransaction', messageCode: 'RFA13' });
    expect(statusOf(shown)).toMatchObject({ view: 'launch', rfa: '', message: '', link: 'link' });
    expect(statusOf(progress({ qr: true }))).toMatchObject({ view: 'qr', rfa: '', message: '' });
    expect(statusOf({ ...shown, hintCode: 'userSign', messageCode: 'RFA9' })).not.toHaveProperty('link');
  });

  it('gives the sentence that a failure has of its own', () => {
    const blocked = progress({ state: 'failed', failure: 'transactionRiskBlocked', messageCode: 'RFA22' });
    expect(statusOf(blocked)).toMatchObject({ rfa: 'RFA22', message: expect.stringContaining('säkerhetsskäl') });
  });
});

describe('the page that a person who logs in comes to', () => {
  const login = (part: Partial<Login> = {}): Login => ({ state: 'awaiting', expiresAt: later, ...part }) as Login;
  const viewOfLogin = (of: Login, latest?: Progress): string =>
    chooseView({ login: of, progress: latest, attemptsLeft: 5, pausedUntil: undefined }, now);

  it.each<[string, Partial<Login>, Progress | undefined, string]>([
    ['no device is chosen', {}, undefined, 'payment'],
    ['a code can be scanned', {}, progress({ qr: true }), 'qr'],
    ['BankID has answered', {}, progress({ state: 'complete' }), 'checking'],
    [
      'BankID has answered, and the time is up since',
      { expiresAt: earlier },
      progress({ state: 'complete' }),
      'checking',
    ],
    ['the time is up', { expiresAt: earlier }, undefined, 'expired'],
    ['they have identified themselves', { state: 'authenticated', endedAt: now }, undefined, 'authorised'],
    ['they did so ten minutes ago', { state: 'authenticated', endedAt: tenMinutesAgo }, undefined, 'expired'],
    ['they declined', { state: 'rejected', reason: 'declined' }, undefined, 'declined'],
    ['the risk was too high', { state: 'rejected', reason: 'risk' }, undefined, 'risk'],
    ['it was another device', { state: 'rejected', reason: 'device-not-bound' }, undefined, 'device'],
    ['no attempt is left', { state: 'rejected', reason: 'attempts' }, undefined, 'attempts'],
    ['it has expired', { state: 'expired', reason: 'no-authentication' }, undefined, 'expired'],
  ])('when %s', (_, part, latest, view) => {
    expect(viewOfLogin(login(part), latest)).toBe(view);
  });
});
