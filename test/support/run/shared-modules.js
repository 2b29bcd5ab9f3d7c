import { createRequire, registerHooks } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import Runtime from 'jest-runtime';

const require = createRequire(import.meta.url);
/** Of jest's own modules, those that hold the state of one suite. */
const OF_ONE_SUITE = /\/node_modules\/(jest-circus|jest-snapshot|expect|@jest\/expect)\//;
const ES_MODULE = { supportsStaticESM: true, supportsDynamicImport: true, supportsTopLevelAwait: true };

/** By the address of a module, so that stacks name lines of the TypeScript. */
const sourceMaps = new Map();
let transformer;

registerHooks({
  load(address, context, next) {
    if (!address.startsWith('file:') || !address.endsWith('.ts') || address.includes('/node_modules/'))
      return next(address, context);
    const { code, sourceMapPath } = transformer.transform(fileURLToPath(address), ES_MODULE);
    if (sourceMapPath) sourceMaps.set(address, sourceMapPath);
    return { format: 'module', source: code, shortCircuit: true };
  },
});

/**
 * jest's runtime without a module registry for each suite: Node loads the modules, once for each worker, and V8 keeps what it has
 * compiled and optimised. Loading service, simulator and libraries anew costs a suite more than its tests; see
 * docs/adr/0023-suites-share-their-modules.md.
 */
export default class SharedModules extends Runtime {
  constructor(config, environment, resolver, scriptTransformer, ...rest) {
    super(config, environment, resolver, scriptTransformer, ...rest);
    transformer = scriptTransformer;
  }

  unstable_shouldLoadAsEsm() {
    return true;
  }

  unstable_importModule(path) {
    return import(pathToFileURL(path).href);
  }

  requireInternalModule(path) {
    for (const name of Object.keys(require.cache)) if (OF_ONE_SUITE.test(name)) delete require.cache[name];
    return require(path);
  }

  // There is no @jest/globals: describe, it and expect are globals.
  setGlobalsForRuntime() {}

  getSourceMaps() {
    return sourceMaps;
  }
}
