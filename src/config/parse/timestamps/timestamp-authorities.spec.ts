import { ConfigFixture } from '../../../../test/support/config/config-fixture.ts';
import { readFileWithMode } from '../../load-config.ts';
import { parseConfig } from '../../parse-config.ts';

describe('the timestamping authorities', () => {
  let fixture: ConfigFixture;
  let trustFile: string;
  beforeAll(async () => {
    fixture = await ConfigFixture.create();
    trustFile = fixture.sandbox['BANKID_TLS_ROOT_FILE']!;
  });
  afterAll(() => fixture.remove());

  const faults = (...authorities: readonly object[]): readonly string[] =>
    fixture.productionFaults({ TIMESTAMP_AUTHORITIES_FILE: fixture.authorities(...authorities) });
  const url = 'https://tsa.example/';

  it('are asked in the order of the file, each with its own trust and policies', () => {
    const file = fixture.authorities(
      { url, trustFile, policies: ['1.2.752.1'] },
      { url: 'http://tsa.example/b', trustFile },
    );
    const env = { ...fixture.sandbox, TIMESTAMP_AUTHORITIES_FILE: file };
    expect(parseConfig(env, readFileWithMode, () => undefined).timestampAuthorities).toEqual([
      { url, trust: [expect.any(Buffer)], policies: ['1.2.752.1'] },
      { url: 'http://tsa.example/b', trust: [expect.any(Buffer)], policies: undefined },
    ]);
  });

  it('are required in production alone', () => {
    expect(fixture.productionFaults({ TIMESTAMP_AUTHORITIES_FILE: undefined })).toEqual([
      'TIMESTAMP_AUTHORITIES_FILE is not set.',
    ]);
    expect(parseConfig(fixture.sandbox, readFileWithMode, () => undefined).timestampAuthorities).toEqual([]);
  });

  it('are refused with a reason, entry by entry', () => {
    expect(faults()).toEqual([expect.stringMatching(/names no authorities/)]);
    expect(faults({ url }, { trustFile })).toEqual([
      expect.stringMatching(/entry 0 has no trustFile/),
      expect.stringMatching(/entry 1 has no url/),
    ]);
    expect(faults({ url, trustFile: fixture.sandbox['CLIENTS_FILE'] })).toEqual([expect.stringMatching(/PEM/)]);
    expect(faults({ url: 'ftp://tsa.example/', trustFile })).toEqual([expect.stringMatching(/no url of http/)]);
    expect(faults({ url: 'https://a:b@tsa.example/', trustFile })).toEqual([expect.stringMatching(/more than a host/)]);
    expect(faults({ url, trustFile, policies: ['x'] })).toEqual([expect.stringMatching(/object identifiers/)]);
    expect(faults({ url, trustFile, polices: ['1.2'] })).toEqual([
      expect.stringMatching(/unknown members \(polices\)/),
    ]);
    expect(faults({ url, trustFile }, { url, trustFile })).toEqual([expect.stringMatching(/same URL twice/)]);
  });
});
