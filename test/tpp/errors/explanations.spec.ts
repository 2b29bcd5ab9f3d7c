import { problems } from '../../../src/http/problems.ts';
import { problemMeanings } from '../../../src/openapi/pages/problem-meanings.ts';
import { TokenSteps } from '../../support/token/token-steps.ts';
import { atRest } from '../../support/system/system.ts';

let steps: TokenSteps;
beforeAll(async () => {
  steps = await TokenSteps.start(atRest);
});
afterAll(() => steps.stop());

const codes = [...Object.keys(problems), 'internal'];

/** As the page shows it. */
const escaped = (text: string): string => text.replaceAll("'", '&#39;').replaceAll('"', '&quot;');

describe('the page of an error', () => {
  it('is there for each code, and for no other', () => {
    expect(Object.keys(problemMeanings).sort()).toEqual([...codes].sort());
  });

  it.each(codes)('%s says what happened, what usually leads to it, and what to do', async (code) => {
    const { status, text } = await steps.tpp.get(`/problems/${code}`);
    const { meaning, causes, remedy } = problemMeanings[code as keyof typeof problemMeanings];
    expect(status).toBe(200);
    for (const sentence of [meaning, ...causes, remedy]) expect(text).toContain(escaped(sentence));
    expect(text).toContain(`/problems/${code}`);
  });

  it('is where error_uri of a refusal leads', async () => {
    const { body } = await steps.tpp.postAs('/token', {
      grant_type: 'authorization_code',
      code: 'a',
      redirect_uri: 'a',
    });
    const page = await fetch(String(body['error_uri']));
    expect([body['error'], page.status, await page.text()]).toEqual([
      'invalid_grant',
      200,
      expect.stringContaining('Redeem each code once'),
    ]);
  });

  it('is where the type of a problem document leads', async () => {
    const { body } = await steps.tpp.get('/consents/2b8c6a52-7c2f-4a6c-9e0e-3b1c1f1f9a77');
    const page = await fetch(String(body['type']));
    expect([body['code'], page.status]).toEqual(['caller.unauthenticated', 200]);
  });
});
