import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MAX_ASSERTION_MS } from '../../../src/client-auth/client-assertion.ts';
import { defaultRates } from '../../../src/client-auth/client-rates.ts';
import { MAX_PROOF_AGE_MS } from '../../../src/client-auth/dpop.ts';
import { FUTURE_TOLERANCE_MS } from '../../../src/client-auth/proof/check-times.ts';
import { MAX_OBJECT_MS } from '../../../src/client-auth/request-object.ts';
import { algorithmNames } from '../../../src/clients/clients.ts';
import { lifetimeMinutes } from '../../../src/clients/members/forms.ts';
import { ConsentDto } from '../../../src/consent/consent.dto.ts';
import { neutralReasons } from '../../../src/consent/consent.ts';
import { lifetimes } from '../../../src/consent/lifetimes.ts';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../../src/kernel/clock.ts';
import { parseAuthorizationDetails } from '../../../src/payment/initiation.ts';
import { creditorNameLength, endToEndLength, remittanceLength } from '../../../src/payment/limits.ts';
import { renderVisibleText } from '../../../src/payment/visible-text.ts';
import { REQUESTS_PER_WINDOW, WINDOW_MS } from '../../../src/rates/throttling.ts';
import { ACCESS_TOKEN_SECONDS, CODE_SECONDS } from '../../../src/token/oauth/lifetimes.ts';
import { KEY_LIFETIME_MS } from '../../../src/token/par/idempotent-pushes.ts';
import { REQUEST_URI_SECONDS } from '../../../src/token/par/pushed-requests.ts';

const text = readFileSync(join(import.meta.dirname, '../../../docs/tpp.md'), 'utf8');

/** The first word of each row of the table under this heading row. */
function firstCells(heading: string): readonly string[] {
  const rows = text.slice(text.indexOf(heading)).split('\n\n', 1)[0]?.split('\n').slice(2) ?? [];
  return rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, word = '']) => word));
}

describe('docs/tpp.md', () => {
  it.each<[string, string]>([
    ['an assertion', `in the future, at most ${MAX_ASSERTION_MS / MINUTE_MS} minutes`],
    ['clocks', `at most ${FUTURE_TOLERANCE_MS / SECOND_MS} seconds in the future`],
    ['a proof', `It is accepted for ${MAX_PROOF_AGE_MS / SECOND_MS} seconds and once.`],
    ['a request object', `are required and at most ${MAX_OBJECT_MS / MINUTE_MS} minutes apart`],
    ['a request_uri', `until the payer opens the page | ${REQUEST_URI_SECONDS} seconds |`],
    ['the same in the consent', `until the payer opens the page | ${lifetimes.firstPostMs / SECOND_MS} seconds |`],
    [
      'a consent',
      `| ${lifetimeMinutes.default} minutes, or what the operator registered, ${lifetimeMinutes.min} to ${lifetimeMinutes.max} |`,
    ],
    ['the return', `to the browser's return | ${lifetimes.returnMs / MINUTE_MS} minutes |`],
    ['a code', `| code | ${CODE_SECONDS} seconds |`],
    ['a token', `| access token | ${(ACCESS_TOKEN_SECONDS * SECOND_MS) / MINUTE_MS} minutes,`],
    ['a consumption', `to the consumption | ${lifetimes.consumeMs / MINUTE_MS} minutes |`],
    ['an Idempotency-Key', `Within ${(24 * KEY_LIFETIME_MS) / DAY_MS} hours, the same key`],
    ['pushes', `| \`/par\` and \`/backchannel\` | ${defaultRates.par} a minute |`],
    ['token requests', `| \`/token\` and \`/revoke\` | ${defaultRates.token} a minute |`],
    ['an address', `| ${REQUESTS_PER_WINDOW} in ${WINDOW_MS / SECOND_MS} seconds;`],
    ['a payee', `\`creditorName\` has up to ${creditorNameLength.max}.`],
    ['a message', `\`remittanceInformationUnstructured\` (up to ${remittanceLength.max} characters)`],
    ['a reference', `\`endToEndIdentification\` (up to ${endToEndLength.max})`],
    ['keys', `${Object.keys(algorithmNames).slice(0, 2).join(', ')} or ${Object.keys(algorithmNames)[2]}`],
  ])('says the limits of %s as the service has them', (_, sentence) => {
    expect(text).toContain(sentence);
  });

  it('lists the words with which a payer comes back without a payment, and no other', () => {
    expect([...firstCells('| word | what happened |')].sort()).toEqual([...neutralReasons].sort());
  });

  it('lists the states of a consent, and no other', () => {
    const { enum: states } = Reflect.getMetadata('swagger/apiModelProperties', ConsentDto.prototype, 'state') as {
      readonly enum: readonly string[];
    };
    expect([...firstCells('| `state` | then |')].sort()).toEqual([...states].sort());
  });

  it('shows a payment that is accepted, and the text that its payer signs', () => {
    const [, json = '[]'] = /```json\n(.*?)```/s.exec(text) ?? [];
    const [, shown] = /```text\n(.*?)\n```/s.exec(text) ?? [];
    const { initiation } = parseAuthorizationDetails(JSON.parse(json));
    const rendered = renderVisibleText({
      template: 'en-2',
      tpp: { name: 'Exempelbetal AB', authorisationNumber: 'PSDSE-FINA-00001' },
      bankName: 'Exempelbanken AB',
      channel: { way: 'browser' },
      creditorNameVerification: undefined,
      initiation,
    });
    expect(shown).toBe(rendered);
  });
});
