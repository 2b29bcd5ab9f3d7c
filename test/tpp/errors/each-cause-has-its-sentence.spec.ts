import { consumption, TokenSteps } from '../../support/token/token-steps.ts';
import { atRest, payment } from '../../support/system/system.ts';
import type { RawAnswer } from '../../support/parties/exchange.ts';
import { sha256, type Fields, type Spoilt } from '../../support/parties/raw-client.ts';

let steps: TokenSteps;
let machine: string;
beforeAll(async () => {
  steps = await TokenSteps.start(atRest);
  machine = await steps.bank.machineToken();
});
afterAll(() => steps.stop());

const told = ({ body }: RawAnswer): string => String(body['error_description'] ?? body['detail']);

const push = (changes: Fields): Promise<RawAnswer> =>
  steps.tpp.postAs('/par', { ...steps.tpp.pushFields(), ...changes });

const details = (changes: object): Fields => ({ authorization_details: JSON.stringify([{ ...payment, ...changes }]) });

describe('a push that is refused says of', () => {
  const at = '/authorization_details/0';
  const amount = (value: string): Fields => details({ instructedAmount: { currency: 'SEK', amount: value } });
  const payee = (account: object): Fields => details({ creditorAccount: account });
  const reference = (referenceType: string, value: string): Fields =>
    details({ remittanceInformationStructured: { referenceType, reference: value } });
  const json = (authorization_details: string): Fields => ({ authorization_details });

  it.each<[string, Fields, string]>([
    ['an amount that is too large', amount('12345678901234.00'), 'The amount is too large: it has more than 13 digits'],
    ['an amount with a comma', amount('1250,00'), 'The amount is not a decimal number with a point, such as 1250.00.'],
    ['an amount below zero', amount('-1.00'), 'The amount must be above zero.'],
    ['an amount of zero', amount('0.00'), 'The amount must be above zero.'],
    ['an amount that begins with a zero', amount('01.00'), 'The amount begins with a zero.'],
    ['a third decimal', amount('1.001'), 'SEK has 2 decimals.'],
    ['a currency in small letters', details({ instructedAmount: { currency: 'sek', amount: '1' } }), 'in capitals'],
    ['another type', details({ type: 'account_information' }), 'Only payment_initiation is supported.'],
    [
      'an IBAN of another length',
      payee({ iban: 'SE45500000000583982574' }),
      'An IBAN of this country has 24 characters.',
    ],
    [
      'an IBAN with a typing error',
      payee({ iban: 'SE4550000000058398257467' }),
      'The check digits of the IBAN are wrong.',
    ],
    ['an IBAN of no country', payee({ iban: 'XX4550000000058398257466' }), 'There is no country whose IBANs begin'],
    ['an IBAN with hyphens', payee({ iban: 'SE45-5000' }), 'An IBAN has only letters, digits and spaces.'],
    ['an IBAN without a country', payee({ iban: '4550000000058398257466' }), 'An IBAN begins with two letters'],
    [
      'a bankgiro number with a typing error',
      payee({ bankgiro: '5050-1056' }),
      'The check digit of the bankgiro number',
    ],
    ['a bankgiro number of another length', payee({ bankgiro: '505' }), 'A bankgiro number has seven or eight digits'],
    [
      'a plusgiro number with a typing error',
      payee({ plusgiro: '123456-7' }),
      'The check digit of the plusgiro number',
    ],
    ['a plusgiro number of another length', payee({ plusgiro: '123456789-0' }), 'A plusgiro number has two to eight'],
    ['an unknown clearing number', payee({ bban: '1000 1234567' }), 'No Swedish bank has this clearing number.'],
    ['an account number of another length', payee({ bban: '5000 12345' }), 'an account number has 7 digits'],
    ['an account number with a typing error', payee({ bban: '5439 0000001' }), 'A check digit is wrong.'],
    ['an account number with letters', payee({ bban: '5439 A' }), 'have only digits, spaces'],
    ['an OCR number with a typing error', reference('OCR', '12345675'), 'The check digit of the OCR number is wrong.'],
    ['an OCR number with letters', reference('OCR', 'A1'), 'An OCR number has 2 to 25 digits.'],
    [
      'an RF reference with a typing error',
      reference('RF', 'RF19539007547034'),
      'The check digits of the RF reference',
    ],
    ['an RF reference with spaces', reference('RF', 'RF18 5390 0754'), 'without spaces'],
  ])('%s what is wrong with it', async (_, changes, sentence) => {
    const description = told(await push(changes));
    expect(description).toMatch(new RegExp(`^${at}/`));
    expect(description).toContain(sentence);
  });

  it.each<[string, Fields, string]>([
    ['broken JSON', json('[{'), '/authorization_details: This is not JSON.'],
    ['JSON that is too deep', json('['.repeat(40) + ']'.repeat(40)), 'This JSON is nested deeper than 32 levels.'],
    ['a member that occurs twice', json('[{"type":"a","type":"b"}]'), 'A member of this JSON occurs twice.'],
    ['a dangerous name', json('[{"constructor":1}]'), 'A member of this JSON has a name that is not accepted'],
    ['half a character', json('[{"type":"\\ud800"}]'), 'A text in this JSON is not Unicode'],
    ['claims that are no JSON', { claims: '{' }, '/claims: This is not JSON.'],
    ['a redirect URI on http', { redirect_uri: 'http://butik.example/' }, 'must begin with https://'],
    ['a redirect URI with a fragment', { redirect_uri: 'https://butik.example/#a' }, 'has no fragment'],
    ['a redirect URI that is too long', { redirect_uri: `https://b.example/${'a'.repeat(2000)}` }, 'at most 2000'],
    ['a redirect URI with a password', { redirect_uri: 'https://a:b@butik.example/' }, 'without user and password'],
    ['a state that is too long', { state: 'x'.repeat(1025) }, '/state: This is longer than 1024 characters.'],
    ['a state with other characters', { state: 'å' }, '/state: Only printable ASCII characters are accepted.'],
    ['a hint of another form', { login_hint: 'anna' }, 'The form is personnummer: followed by twelve digits.'],
    ['a number with a typing error', { login_hint: 'personnummer:199001012384' }, 'The date or the check digit'],
    ['a thumbprint of another form', { dpop_jkt: 'abc' }, '43 characters of base64url'],
  ])('%s why it is not accepted', async (_, changes, sentence) => {
    expect(told(await push(changes))).toContain(sentence);
  });
});

describe('a client that is refused is told that', () => {
  it.each<[string, Fields, string]>([
    [
      'it has not authenticated',
      { client_assertion: undefined, client_assertion_type: undefined },
      'there is no client authentication',
    ],
    ['the type is missing', { client_assertion_type: undefined }, 'client_assertion_type is missing'],
    ['the type is another', { client_assertion_type: 'jwt' }, 'client_assertion_type is not urn:ietf:params:oauth:'],
    ['the assertion is missing', { client_assertion: undefined }, 'client_assertion is missing'],
  ])('%s', async (_, changes, sentence) => {
    expect(told(await push(changes))).toContain(sentence);
  });

  it.each<[string, Spoilt, string]>([
    ['aud is a list', { claims: { aud: ['http://localhost:3000'] } }, 'aud must be the issuer as a string: it is'],
    ['aud is the endpoint', { claims: { aud: 'http://localhost:3000/par' } }, 'aud must be the issuer, as a string'],
    ['jti is missing', { claims: { jti: undefined } }, 'jti is missing'],
    ['iss is missing', { claims: { iss: undefined } }, 'iss or sub is missing: both must be the client_id'],
    [
      'exp is in milliseconds',
      { claims: { exp: Date.now() + 60_000 } },
      'exp is not a NumericDate: seconds since 1970',
    ],
  ])('of its assertion, %s', async (_, spoilt, sentence) => {
    expect(told(await steps.pushWith(await steps.tpp.assertion(spoilt)))).toContain(sentence);
  });

  it.each<[string, Spoilt, string]>([
    ['jti is missing', { claims: { jti: undefined } }, 'jti is missing'],
    ['htm is missing', { claims: { htm: undefined } }, 'htm is missing'],
    ['htu is missing', { claims: { htu: undefined } }, 'htu is missing'],
    ['htu is another address', { claims: { htu: 'http://localhost:3000/token' } }, 'the issuer and the path, without'],
  ])('of its DPoP proof, %s', async (_, spoilt, sentence) => {
    const dpop = await steps.tpp.proof('POST', '/par', undefined, spoilt);
    expect(told(await steps.tpp.postAs('/par', steps.tpp.pushFields(), { dpop }))).toContain(sentence);
  });

  it('its grant type is none of those that are supported', async () => {
    expect(told(await steps.tpp.postAs('/token', { grant_type: 'password' }))).toContain(
      '/grant_type: Supported are authorization_code, client_credentials and urn:openid:params:grant-type:ciba.',
    );
  });

  it('its token has another scheme, or lacks its hash in the proof', async () => {
    const call = (scheme: string, dpop: string): Promise<RawAnswer> =>
      steps.bank.get('/consents/2b8c6a52-7c2f-4a6c-9e0e-3b1c1f1f9a77', { authorization: `${scheme} ${machine}`, dpop });
    const path = '/consents/2b8c6a52-7c2f-4a6c-9e0e-3b1c1f1f9a77';
    expect(told(await call('Bearer', await steps.bank.proof('GET', path, machine)))).toContain('its scheme is DPoP');
    expect(told(await call('DPoP', await steps.bank.proof('GET', path)))).toContain('ath is missing');
  });
});

describe('a body that is refused says', () => {
  const post = (body: string, headers: Readonly<Record<string, string>> = {}): Promise<RawAnswer> =>
    steps.bank.send('POST', CONSUME, {
      body,
      headers: { authorization: `DPoP ${machine}`, 'content-type': 'application/json', ...headers },
    });
  const CONSUME = '/consents/2b8c6a52-7c2f-4a6c-9e0e-3b1c1f1f9a77/consume';
  const whole = consumption('A'.repeat(43), 'payment-1');
  const refusedAs = async (
    body: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<readonly [unknown, string]> => {
    const answer = await post(body, { ...headers, dpop: await steps.bank.proof('POST', CONSUME, machine) });
    return [answer.body['pointer'], told(answer)];
  };

  it.each<[string, string, string | undefined, string]>([
    ['that it is empty', '', undefined, 'The body is empty; JSON is expected.'],
    ['that it is no JSON', '{', undefined, 'This is not JSON.'],
    ['that it is no object', '[]', '', 'The body is not a JSON object.'],
    ['how large it may be', ' '.repeat(65_537), undefined, 'The body is larger than 65536 bytes.'],
    ['what is missing', JSON.stringify({ ...whole, payer: undefined }), '/payer', 'This member is missing.'],
    ['what is unknown', JSON.stringify({ ...whole, force: true }), '/force', 'This member is unknown.'],
    [
      'what is no text',
      JSON.stringify({ ...whole, paymentReference: 7 }),
      '/paymentReference',
      'A text is expected here.',
    ],
    ['what is no object', JSON.stringify({ ...whole, payer: 'x' }), '/payer', 'An object is expected here.'],
    [
      'what has another form',
      JSON.stringify({ ...whole, accessTokenSha256: 'x' }),
      '/accessTokenSha256',
      'does not have the form',
    ],
    [
      'that a number has a typing error',
      JSON.stringify({ ...whole, payer: { personalNumber: '199001012384' } }),
      '/payer/personalNumber',
      'The date or the check digit is wrong.',
    ],
  ])('%s', async (_, body, pointer, sentence) => {
    expect(await refusedAs(body)).toEqual([pointer, expect.stringContaining(sentence)]);
  });

  it.each([
    ['that it is not packed as its header says', 'gzip', 'The body does not have its Content-Encoding.'],
    ['which packings there are', 'zstd', 'The content codings of a body are gzip, deflate, br.'],
  ])('%s', async (_, coding, sentence) => {
    expect(await refusedAs('{}', { 'content-encoding': coding })).toEqual([undefined, sentence]);
  });

  it('of the report which words there are, and whether it needs a reason', async () => {
    const path = CONSUME.replace('consume', 'execution');
    const report = async (body: object): Promise<string> =>
      told(await steps.bank.call(machine, 'POST', path, { body }));
    expect(await report({ execution: 'done' })).toBe('One of these is expected here: executed, failed.');
    expect(await report({ execution: 'failed' })).toBe('A failure has a reason.');
    expect(await report({ execution: 'executed', reason: 'x' })).toBe('Only a failure has a reason.');
  });
});

describe('a consumption that is refused names', () => {
  it('the member that differs, and no value', async () => {
    const { token, consentId } = await steps.token();
    const hash = sha256(token);
    const consume = async (changes: object): Promise<readonly unknown[]> => {
      const body = { ...consumption(hash, 'payment-9'), ...changes };
      const answer = await steps.bank.call(machine, 'POST', `/consents/${consentId}/consume`, { body });
      const { code, pointer, detail } = answer.body;
      return [code, pointer, detail];
    };
    const differs = (pointer: string): readonly unknown[] => [
      'consent.payment-differs',
      pointer,
      'This is not what the payer signed.',
    ];
    const other = { ...payment, instructedAmount: { currency: 'SEK', amount: '1.00' } };
    expect(await consume({ payment: other })).toEqual(differs('/payment/instructedAmount/amount'));
    expect(await consume({ payment: { ...payment, creditorName: 'X' } })).toEqual(differs('/payment/creditorName'));
    expect(await consume({ payer: { personalNumber: '191212121212' } })).toEqual([
      'consent.payer-differs',
      '/payer/personalNumber',
      'This is not the person who signed.',
    ]);
    expect(await consume({ accessTokenSha256: 'A'.repeat(43) })).toEqual([
      'consent.token-differs',
      '/accessTokenSha256',
      'This is not the hash of the live token of the consent.',
    ]);
  });
});
