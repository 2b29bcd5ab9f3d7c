import { BUNDLE_TYPE } from '../../src/bundle/container.ts';
import { shellWord } from '../../src/kernel/text/shell-word.ts';
import { textOrEmpty } from '../oauth-client.ts';
import type { Exchange } from './recorder.ts';

/** Where commands go, and where they take what no page shows. */
export interface CommandFacts {
  readonly issuer: string;
  /** Answers with the payer's personal number, which a bank sends when it consumes. */
  readonly payerUrl?: string;
}

type Request = Omit<Exchange, 'answer'>;

/** The state of what was pushed from a terminal begins with it: the page to which the payer returns then says how it goes on. */
export const BY_HAND = 'by-hand-';

const HELPER = 'proof() { npm run -s proof -- "$@"; }';
/** Named by curl or made by the helper. */
const OMITTED = ['accept', 'authorization', 'content-length', 'dpop', 'user-agent'];

/**
 * The requests of one step as shell commands that a person can paste. A proof may be used once, so the helper makes others; so do a
 * push with its state and code verifier.
 */
export function commandOf(exchanges: readonly Exchange[], facts: CommandFacts): string {
  const lines = [HELPER];
  if (exchanges.some(isPush)) lines.push('eval "$(proof pkce)"');
  if (exchanges.some(({ body }) => namesPayer(body))) lines.push(`payer=$(curl -s ${shellWord(facts.payerUrl ?? '')})`);
  let token: string | undefined;
  for (const exchange of exchanges) {
    const carried = tokenOf(exchange);
    if (carried !== token && carried !== undefined) lines.push(`token=${shellWord((token = carried))}`);
    const request = requestOf(exchange, facts);
    if (isPush(exchange)) lines.push(...pushing(request, exchange, facts));
    else if (!isMachineToken(exchange) || exchange === exchanges.at(-1)) lines.push(request);
    else {
      token = textOrEmpty((JSON.parse(exchange.answer.body.toString()) as Record<string, unknown>)['access_token']);
      lines.push(`token=$(${request} | ${memberOf('access_token')})`);
    }
  }
  return lines.join('\n');
}

/** The redemption of a code for what was pushed from a terminal: in that terminal, which has the code verifier. */
export function redemptionByHand(facts: CommandFacts, returned: URL, clientId: string): string {
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    code: returned.searchParams.get('code') ?? '',
    code_verifier: '',
    redirect_uri: `${returned.origin}${returned.pathname}`,
    client_id: clientId,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: '',
  }).toString();
  const url = new URL('/token', facts.issuer).href;
  return [HELPER, requestOf({ clientId, method: 'POST', url, headers: [['dpop', '']], body }, facts)].join('\n');
}

function requestOf(request: Request, facts: CommandFacts): string {
  const { method, url, body, headers } = request;
  const isForm = !body.startsWith('{');
  const sent = headers.filter(([name, value]) =>
    name === 'content-type' ? !isForm : !OMITTED.includes(name) || (name === 'accept' && fileOf(value) !== undefined),
  );
  return [
    `curl -s ${method === (body === '' ? 'GET' : 'POST') ? '' : `-X ${shellWord(method)} `}${shellWord(url)}`,
    ...sent.map(([name, value]) => `-H ${shellWord(`${name}: ${value}`)}`),
    ...(tokenOf(request) === undefined ? [] : ['-H "Authorization: DPoP $token"']),
    ...(headers.some(([name]) => name === 'dpop') ? [`-H "DPoP: $(${proofFor(request)})"`] : []),
    ...(isForm ? formOf(request, facts) : [`-d ${jsonOf(body)}`]),
    ...headers.flatMap(([, value]) => (fileOf(value) === undefined ? [] : [`-o ${fileOf(value)}`])),
  ].join(' \\\n  ');
}

/** The file for an answer of this type that is no text. */
function fileOf(type: string): string | undefined {
  if (type === 'application/zip') return 'evidence.zip';
  return type === BUNDLE_TYPE ? 'evidence.asice' : undefined;
}

function proofFor(request: Request): string {
  const { method, url, clientId } = request;
  const bound = tokenOf(request) === undefined ? '' : ' --token "$token"';
  return `proof dpop ${shellWord(method)} ${shellWord(url)} --client ${shellWord(clientId)}${bound}`;
}

function formOf(request: Request, { issuer }: CommandFacts): string[] {
  const made: Readonly<Record<string, string>> = {
    client_assertion: `"$(proof assertion --client ${shellWord(request.clientId)} --issuer ${shellWord(issuer)})"`,
    code_challenge: '"$code_challenge"',
    code_verifier: '"$code_verifier"',
    state: shellWord(`${BY_HAND}${request.clientId}`),
  };
  return [...new URLSearchParams(request.body)].map(
    ([name, value]) => `--data-urlencode ${shellWord(name)}=${made[name] ?? shellWord(value)}`,
  );
}

/** Shows the answer, and the address that the payer opens. */
function pushing(request: string, { clientId }: Exchange, { issuer }: CommandFacts): string[] {
  const address = `${issuer}/authorize?client_id=${clientId}&request_uri=`;
  return [
    `pushed=$(${request})`,
    'echo "$pushed"',
    `echo ${shellWord(address)}"$(echo "$pushed" | ${memberOf('request_uri')})"`,
  ];
}

function memberOf(name: string): string {
  return String.raw`sed 's/.*"${name}":"\([^"]*\)".*/\1/'`;
}

function jsonOf(body: string): string {
  return shellWord(body).replace(/"personalNumber":"\d+"/, `"personalNumber":"'"$payer"'"`);
}

function namesPayer(body: string): boolean {
  return body.includes('"personalNumber":');
}

function isPush({ url }: Request): boolean {
  return new URL(url).pathname === '/par';
}

function isMachineToken({ body }: Request): boolean {
  return body.includes('grant_type=client_credentials');
}

/** The access token that the request carries. */
function tokenOf({ headers }: Request): string | undefined {
  return headers.find(([name]) => name === 'authorization')?.[1].replace(/^DPoP /, '');
}
