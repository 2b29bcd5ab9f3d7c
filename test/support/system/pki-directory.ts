import { join } from 'node:path';

/** One PKI of the simulator for all tests of a checkout: its keys, some of RSA-4096, take seconds to make. */
export const sharedPkiDirectory = join(import.meta.dirname, '../../../.sigill/test-pki');
