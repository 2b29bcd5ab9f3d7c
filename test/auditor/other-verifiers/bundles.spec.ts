import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseSignedData } from '../../../src/crypto/cms/signed-data.ts';
import { readBundle } from '../../../src/bundle/read-bundle.ts';
import { withSeals } from '../../../src/bundle/with-seals.ts';
import { verifySeal } from '../../../src/bundle/verify-seal.ts';
import { hasJavaAndMaven, judgeByDss } from '../../support/dss/dss-judge.ts';
import { sampleMembers, Sealing } from '../../support/seals/sealing.ts';
import { repack, tamperings, unpack } from '../../support/seals/tampered.ts';
import { describeWith, run, workFolder } from './support/tools.ts';

// EU DSS judges by the machine's own clock.
const now = new Date();
let sealing: Sealing;
let bundle: Buffer;
beforeAll(async () => {
  sealing = await Sealing.open(now);
  bundle = await sealing.bundle();
});

const ownState = async (zip: Buffer): Promise<string> => verifySeal(await readBundle(zip), sealing.trust).state;

describe(hasJavaAndMaven ? 'EU DSS' : 'EU DSS (skipped: java and mvn are not both on this machine)', () => {
  const test = hasJavaAndMaven ? it : it.skip;

  test('passes our seals, and none after any change that would matter', async () => {
    const second = await sealing.seal(sampleMembers, 2);
    const resealed = await withSeals(bundle, [second.signature]);
    const tampered = Object.entries(tamperings).map(([name, change]) => [name, repack(bundle, change)] as const);
    const bundles = { sound: bundle, resealed, ...Object.fromEntries(tampered) };
    const judged = judgeByDss(bundles, [sealing.services.rootPem]);
    if (!judged) {
      process.stderr.write('skipped: Maven finds no artefacts of EU DSS\n');
      return;
    }
    const passed = 'TOTAL_PASSED null CAdES-BASELINE-LT PASSED';
    expect(judged).toMatchObject({ sound: passed, resealed: `${passed} ${passed}` });
    expect(Object.keys(judged)).toHaveLength(2 + tampered.length);
    for (const [name, zip] of tampered) {
      expect([name, judged[name]]).toEqual([name, expect.not.stringContaining('TOTAL_PASSED')]);
      expect([name, await ownState(zip)]).toEqual([name, 'unsound']);
    }
    expect(await ownState(bundle)).toBe('sound');
  });
});

describeWith('openssl', 'OpenSSL', () => {
  const folder = workFolder();
  const at = (name: string): string => join(folder, name);
  const unpackInto = (zip: Buffer): void => {
    for (const [name, bytes] of unpack(zip)) {
      mkdirSync(dirname(at(name)), { recursive: true });
      writeFileSync(at(name), bytes);
    }
    writeFileSync(at('root.pem'), sealing.services.rootPem);
  };
  const verifiesSeal = async (zip: Buffer): Promise<boolean> => {
    unpackInto(zip);
    const [signature, manifest] = [at('META-INF/signature001.p7s'), at('META-INF/ASiCManifest001.xml')];
    const words = ['-verify', '-binary', '-inform', 'DER', '-purpose', 'any', '-CAfile', at('root.pem')];
    const { code } = await run('openssl', 'cms', ...words, '-in', signature, '-content', manifest, '-out', at('out'));
    return code === 0;
  };

  it('verifies the seal over its manifest, and its timestamp', async () => {
    expect(await verifiesSeal(bundle)).toBe(true);
    const [seal] = (await readBundle(bundle)).seals;

    writeFileSync(at('value'), parseSignedData(seal!.signature).signer.signature);
    const words = ['-verify', '-token_in', '-in', at('META-INF/sigill-token.tsr'), '-CAfile', at('root.pem')];
    expect((await run('openssl', 'ts', ...words, '-data', at('value'))).output).toContain('Verification: OK');
    expect((await run('openssl', 'ts', ...words, '-data', at('consent.json'))).code).not.toBe(0);
  });

  it.each(['an octet of the manifest', 'an octet of the signature value'])(
    'refuses %s that was changed',
    async (name) => {
      expect(await verifiesSeal(repack(bundle, tamperings[name]!))).toBe(false);
    },
  );
});

describeWith('unzip', 'unzip', () => {
  const folder = workFolder();
  it('finds no error in a bundle', async () => {
    writeFileSync(join(folder, 'bundle.asice'), bundle);
    const { code, output } = await run('unzip', '-t', join(folder, 'bundle.asice'));
    expect({ code, ok: output.includes('No errors detected') }).toEqual({ code: 0, ok: true });
  });
});
