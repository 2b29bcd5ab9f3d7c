import type { IncomingMessage, ServerResponse } from 'node:http';
import { relyingPartyName } from '../src/bankid-sign/relying-party-name.ts';
import type { AppConfig } from '../src/config/config.ts';
import type { Clock } from '../src/kernel/clock.ts';
import { UploadVerifier } from '../src/verifying/upload-verifier.ts';
import { handleVerifier, isPagePath, type VerifierRoutes } from '../src/verifying/verifier-http.ts';
import { serverSettings } from '../src/verifying/verify-settings.ts';

export interface VerifyPage {
  readonly middleware: (request: IncomingMessage, response: ServerResponse, next: () => void) => void;
  close(): Promise<void>;
}

/** `/verify` on the sandbox's own address. The service has no such page: it knows no people who could log in. */
export function openVerifyPage({ environment, bankid }: AppConfig, clock: Clock): VerifyPage {
  const name = relyingPartyName(bankid.certificate);
  const verifier = new UploadVerifier(serverSettings(environment, bankid.signatureRoot, name, clock.now()));
  const routes: VerifierRoutes = {
    environment,
    verifier,
    clock,
    signVerdict: undefined,
    jwks: () => ({ keys: [] }),
    callerOf: () => 'loopback',
    audit: () => undefined,
    failed: () => undefined,
  };
  return {
    middleware: (request, response, next) => {
      if (isPagePath(request.url)) void handleVerifier(routes, request, response);
      else next();
    },
    close: () => verifier.close(),
  };
}
