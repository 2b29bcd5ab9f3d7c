/** Version of this software, kept with every evidence. `test/architecture.spec.ts` holds it equal to package.json's. */
export const SOFTWARE_VERSION = '0.1.0';
