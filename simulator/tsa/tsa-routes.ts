import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError } from '../orders/app-error.ts';
import { readTimestampRequest } from './timestamp-request.ts';
import { answerRequest } from './timestamping-authority.ts';
import type { TrustServices } from './trust-services.ts';
import { isTsaScenario, type TsaScenario } from './tsa-scenarios.ts';

/** The timestamping authority at `/tsa`, which plays the scenario that is set, and `/tsa/<scenario>`, which always plays that one. */
export class TsaRoutes {
  scenario: TsaScenario = 'good';
  readonly #services: TrustServices;
  readonly #now: () => Date;

  constructor(services: TrustServices, now: () => Date) {
    this.#services = services;
    this.#now = now;
  }

  /** The CRL that the certificates point to. */
  async sendCrl(response: ServerResponse): Promise<void> {
    response.writeHead(200, { 'content-type': 'application/pkix-crl' }).end(await this.#services.crl(this.#now()));
  }

  /** Answers a TimeStampReq, or does as the scenario has it. @see RFC 3161 §3.4 */
  async stamp(request: IncomingMessage, response: ServerResponse, path: string, body: Buffer): Promise<void> {
    const named = path.slice('/tsa/'.length);
    const scenario = named === '' ? this.scenario : named;
    if (!isTsaScenario(scenario)) throw new AppError(404, 'not-found', 'There is no such scenario.');
    if (request.method !== 'POST' || request.headers['content-type'] !== 'application/timestamp-query') {
      throw new AppError(400, 'malformed', 'A timestamp request is posted as application/timestamp-query.');
    }
    if (playTransport(scenario, response)) return;
    const answer = await answerRequest(readTimestampRequest(body), scenario, this.#services, this.#now());
    response.writeHead(200, { 'content-type': 'application/timestamp-reply' }).end(answer);
  }
}

const LARGE_BYTES = 1024 * 1024;

/** Whether the scenario is one in which no timestamp is made; then it has been played. */
function playTransport(scenario: TsaScenario, response: ServerResponse): boolean {
  const type = { 'content-type': 'application/timestamp-reply' };
  switch (scenario) {
    case 'down':
      response.writeHead(503).end();
      return true;
    case 'dropped':
      response.destroy();
      return true;
    case 'slow':
      return true; // until the client hangs up
    case 'redirect':
      response.writeHead(302, { location: '/tsa/good' }).end();
      return true;
    case 'too-large':
      response.writeHead(200, type).end(Buffer.alloc(LARGE_BYTES));
      return true;
    case 'not-der':
      response.writeHead(200, type).end('<html>Maintenance</html>');
      return true;
    default:
      return false;
  }
}
