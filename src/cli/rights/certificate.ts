import { inService } from '../command-context.ts';

/** What `sigill erase certificate` does. */
export async function printCertificate(request: string): Promise<void> {
  await inService(async (context) => {
    const { ErasureCertificates } = await import('../../rights/erasure-certificates.ts');
    const certificates = context.get(ErasureCertificates, { strict: false });
    process.stdout.write(`${await certificates.issue(request)}\n`);
  });
}
