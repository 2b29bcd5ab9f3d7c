import { randomBytes, randomUUID } from 'node:crypto';
import { combinations, optional, RowTrial, type Cells } from '../../support/database/row-trial.ts';

const AT = new Date('2026-11-01T12:00:00Z');
const LATER = new Date('2026-11-01T12:15:00Z');
const states = ['awaiting-authorisation', 'authorised', 'consumed', 'rejected', 'expired', 'revoked'] as const;

let trial: RowTrial;

beforeAll(async () => {
  trial = await RowTrial.open();
});

afterAll(() => trial.close());

const isKept = (name: string, cells: Cells): Promise<boolean> => trial.isKept(name, cells);

function consent(cells: Cells): Cells {
  return {
    id: randomUUID(),
    bank: 'exempelbanken',
    client_id: 'exempelbutiken',
    interaction_id: randomBytes(16).toString('base64url'),
    bank_name: 'Exempelbanken AB',
    tpp_name: 'Exempelbutiken AB',
    authorisation_number: 'PSDSE-FINA-44001',
    initiation: '{}',
    created_at: AT,
    expires_at: LATER,
    ...cells,
  };
}

const CONSUMPTION = {
  payment_reference: 'E2E-1',
  consume_request_hash: randomBytes(32),
  consume_answer: '{}',
  execution: 'pending',
};

/** The rule, said the other way round than in the tables: what each state must have, and nothing else may. */
function isWhole({ state, authorised_at, ended_at, reason, ...rest }: Cells): boolean {
  const hasEnded = state !== 'awaiting-authorisation' && state !== 'authorised';
  const consumption = Object.keys(CONSUMPTION).filter((name) => rest[name] !== undefined).length;
  return (
    (ended_at !== undefined) === hasEnded &&
    (reason !== undefined) === (hasEnded && state !== 'consumed') &&
    ((state !== 'authorised' && state !== 'consumed') || authorised_at !== undefined) &&
    consumption === (state === 'consumed' ? 4 : 0) &&
    (rest['execution_reason'] !== undefined) === (rest['execution'] === 'failed')
  );
}

describe('a row of a consent', () => {
  it('holds what its state must have, and nothing else', async () => {
    const rows = combinations([
      states.map((state) => ({ state })),
      optional('authorised_at', AT),
      optional('ended_at', AT),
      optional('reason', 'declined'),
      [{}, CONSUMPTION, { ...CONSUMPTION, execution: 'failed' }, { ...CONSUMPTION, payment_reference: undefined }],
      optional('execution_reason', 'AM04'),
    ]);
    for (const cells of rows) {
      expect({ cells, isKept: await isKept('consent', consent(cells)) }).toEqual({ cells, isKept: isWhole(cells) });
    }
    expect(rows.filter(isWhole).length).toBeGreaterThan(8);
  });

  it.each(Object.keys(CONSUMPTION))('is not consumed without %s', async (name) => {
    const whole = { ...CONSUMPTION, state: 'consumed', authorised_at: AT, ended_at: AT };
    expect(await isKept('consent', consent(whole))).toBe(true);
    expect(await isKept('consent', consent({ ...whole, [name]: undefined }))).toBe(false);
  });

  it.each<[string, Cells]>([
    ['a state of no consent', { state: 'signed' }],
    ['an end without time', { expires_at: AT }],
    ['no bank', { bank: '' }],
    ['no client', { client_id: '' }],
    ['no name', { tpp_name: '' }],
    ['no name of the bank', { bank_name: '' }],
    ['no authorisation number', { authorisation_number: '' }],
    ['a short interaction', { interaction_id: 'abc' }],
    ['a long hash of its cookie', { browser_cookie_hash: randomBytes(33) }],
    ['a sixth failed attempt', { failed_attempts: 6 }],
    ['fewer than no attempts', { failed_attempts: -1 }],
    ['a token that never expires', { live_token_hash: randomBytes(32) }],
    ['the end of no token', { live_token_expires_at: LATER }],
    ['a short hash of its token', { live_token_hash: randomBytes(16), live_token_expires_at: LATER }],
    ['a payer who is not sealed', { bound_payer_hash: randomBytes(32) }],
    ['a sealed payer who cannot be found', { login_hint_sealed: randomBytes(60) }],
    ['an unknown reason', { state: 'expired', ended_at: AT, reason: 'rain' }],
    [
      'an unknown execution',
      { ...CONSUMPTION, state: 'consumed', authorised_at: AT, ended_at: AT, execution: 'maybe' },
    ],
  ])('does not have %s', async (_, cells) => {
    expect(await isKept('consent', consent({}))).toBe(true);
    expect(await isKept('consent', consent(cells))).toBe(false);
  });
});

function token(cells: Cells): Cells {
  return { token_hash: randomBytes(32), client_id: 'exempelbutiken', issued_at: AT, expires_at: LATER, ...cells };
}

/** Which columns the tokens of each kind have. */
const wholeTokens: Readonly<Record<string, readonly string[]>> = {
  consent: ['bank consent_id'],
  login: ['login_id scope'],
  machine: ['scope', 'bank scope'],
};

const thumbprint = randomBytes(32).toString('base64url');

describe('a row of an access token', () => {
  it('is of a consent and its bank, of a login and its scope, or of a machine and its scope', async () => {
    const rows = combinations([
      [{ kind: 'consent' }, { kind: 'login' }, { kind: 'machine' }],
      optional('consent_id', randomUUID()),
      optional('login_id', randomUUID()),
      optional('bank', 'exempelbanken'),
      optional('scope', 'consents'),
    ]);
    for (const cells of rows) {
      const has = Object.keys(cells).filter((name) => cells[name] !== undefined && name !== 'kind');
      const isWhole = wholeTokens[String(cells['kind'])]?.includes(has.sort().join(' '));
      const kept = await isKept('access_token', token({ ...cells, jkt: thumbprint }));
      expect({ cells, kept }).toEqual({ cells, kept: isWhole });
    }
  });

  it.each<[string, Cells]>([
    ['no binding', { jkt: undefined }],
    ['two bindings', { x5t: thumbprint }],
    ['a thumbprint that is none', { jkt: 'abc' }],
    ['a certificate that is none', { jkt: undefined, x5t: `${thumbprint}=` }],
    ['no life', { expires_at: AT }],
    ['another kind', { kind: 'refresh' }],
    ['a short hash', { token_hash: randomBytes(20) }],
  ])('does not have %s', async (_, cells) => {
    const whole = { kind: 'machine', scope: 'consents', jkt: thumbprint };
    expect(await isKept('access_token', token(whole))).toBe(true);
    expect(await isKept('access_token', token({ ...whole, ...cells }))).toBe(false);
  });
});

const consentId = randomUUID();

function request(cells: Cells): Cells {
  return {
    interaction_id: randomBytes(16).toString('base64url'),
    consent_id: consentId,
    client_id: 'exempelbutiken',
    request_uri_hash: randomBytes(32),
    redirect_uri: 'https://tpp.example/callback',
    code_challenge: thumbprint,
    pushed_at: AT,
    expires_at: LATER,
    ...cells,
  };
}

describe('a row of an authorization request', () => {
  it('has a code for an authorised consent that was left, or none; and only a code is redeemed', async () => {
    const rows = combinations([
      optional('code_hash', randomBytes(32)),
      optional('code_expires_at', LATER),
      optional('authorised_consent_id', consentId),
      optional('used_at', AT),
      optional('code_used_at', AT),
    ]);
    for (const cells of rows) {
      const hasCode = cells['code_hash'] !== undefined;
      const isWhole =
        hasCode === (cells['code_expires_at'] !== undefined) &&
        hasCode === (cells['authorised_consent_id'] !== undefined) &&
        (!hasCode || cells['used_at'] !== undefined) &&
        (hasCode || cells['code_used_at'] === undefined);
      expect({ cells, kept: await isKept('authorization_request', request(cells)) }).toEqual({ cells, kept: isWhole });
    }
  });

  it.each<[string, Cells]>([
    ['no life', { expires_at: AT }],
    ['another scope', { scope: 'email' }],
    ['a nonce without OpenID', { nonce: 'n' }],
    ['an empty nonce', { scope: 'openid', nonce: '' }],
    ['a challenge that is none', { code_challenge: 'plain' }],
    ['a key that is none', { dpop_jkt: 'abc' }],
    [
      'the code of another consent',
      { code_hash: randomBytes(32), code_expires_at: LATER, used_at: AT, authorised_consent_id: randomUUID() },
    ],
  ])('does not have %s', async (_, cells) => {
    expect(await isKept('authorization_request', request({ scope: 'openid', nonce: 'n' }))).toBe(true);
    expect(await isKept('authorization_request', request(cells))).toBe(false);
  });
});

describe('a claimed proof and an event', () => {
  it('are found by a whole SHA-256', async () => {
    expect(await isKept('claimed_proof', { jti_hash: randomBytes(32), expires_at: LATER })).toBe(true);
    expect(await isKept('claimed_proof', { jti_hash: randomBytes(31), expires_at: LATER })).toBe(false);
  });

  it('have a subject', async () => {
    const event = JSON.stringify({ type: 't' });
    expect(await isKept('audit_event', { subject: 'consent:a', event })).toBe(true);
    expect(await isKept('audit_event', { subject: '', event })).toBe(false);
  });
});
