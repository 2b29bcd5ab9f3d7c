import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseSignedData } from '../../../src/crypto/cms/signed-data.ts';
import { readBundle } from '../../../src/bundle/read-bundle.ts';
import { Sealing } from '../../support/seals/sealing.ts';
import { repack, tamperings, unpack } from '../../support/seals/tampered.ts';
import { describeWith, run, workFolder } from './support/tools.ts';

// OpenSSL judges by the machine's own clock.
const now = new Date();
let sealing: Sealing;
let bundle: Buffer;
beforeAll(async () => {
  sealing = await Sealing.open(now);
  bundle = await sealing.bundle();
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
