import type { OpenAPIObject } from '@nestjs/swagger';
import { shellWord } from '../../kernel/text/shell-word.ts';
import { example } from '../api-examples.ts';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type MediaType = { readonly examples?: Readonly<Record<string, unknown>> };

/** A request as curl sends it, for a shell with a function `proof` and, where a token is needed, a variable `token`. */
interface Request {
  readonly method: string;
  readonly issuer: string;
  readonly path: string;
  readonly operation: Operation;
}

const methods = ['get', 'post', 'delete'] as const;

/** Scopes of tokens that a bank requests for itself. */
const scopesOfBanks = ['consume', 'evidence'];

/** Gives each operation a sample in curl, in the member that other readers of OpenAPI documents show as well. */
export function withCurlSamples(paths: OpenAPIObject['paths'], issuer: string): OpenAPIObject['paths'] {
  return Object.fromEntries(
    Object.entries(paths).map(([path, item]) => {
      const sampled = methods.flatMap((method) => {
        const operation = item[method];
        if (!operation) return [];
        const source = curl({ method: method.toUpperCase(), issuer, path, operation });
        return [[method, { ...operation, 'x-codeSamples': [{ lang: 'Shell', label: 'curl', source }] }] as const];
      });
      return [path, { ...item, ...Object.fromEntries(sampled) }];
    }),
  );
}

function curl(request: Request): string {
  const { method, operation } = request;
  const url = urlOf(request);
  const body = bodyOf(operation, request.issuer);
  const isPost = body.length > 0;
  const verb = method === 'GET' || (method === 'POST' && isPost) ? '' : ` -X ${method}`;
  const show = operation.responses['303'] ? ' -i' : '';
  return [
    `curl -s${show}${verb} ${shellWord(url)}`,
    ...credentials(request, url),
    ...headersOf(operation),
    ...body,
  ].join(' \\\n  ');
}

/** The address with the example of each parameter. */
function urlOf({ issuer, path, operation }: Request): string {
  let filled = `${issuer}${path}`;
  const query = new URLSearchParams();
  for (const parameter of parametersOf(operation)) {
    if (parameter.in === 'path') filled = filled.replace(`{${parameter.name}}`, parameter.value);
    if (parameter.in === 'query') query.set(parameter.name, parameter.value);
  }
  return query.size > 0 ? `${filled}?${query.toString()}` : filled;
}

/** By a DPoP key where it can be one: curl shows a certificate without any help. */
function credentials({ method, operation }: Request, url: string): readonly string[] {
  const requirements = operation.security ?? [];
  const proof = `proof dpop ${method} ${shellWord(url)}`;
  if (requirements.some((one) => 'browser' in one)) return ['-b "$cookie"'];
  const byKey = requirements.find((one) => 'dpop' in one && 'accessToken' in one);
  if (byKey) {
    const client = clientOf(byKey['accessToken'] ?? []);
    return ['-H "Authorization: DPoP $token"', `-H "DPoP: $(${proof}${client} --token "$token")"`];
  }
  const takesProof = parametersOf(operation).some(({ name }) => name === 'DPoP');
  return takesProof ? [`-H "DPoP: $(${proof})"`] : [];
}

/** The client of the sandbox who has a token with one of these scopes; the TPP is the default of `proof`. */
function clientOf(scopes: readonly string[]): string {
  if (scopes.includes('exports')) return ` --client ${example.auditor}`;
  return scopes.some((scope) => scopesOfBanks.includes(scope)) ? ` --client ${example.bank}` : '';
}

function headersOf(operation: Operation): readonly string[] {
  return parametersOf(operation)
    .filter((one) => one.in === 'header' && one.name !== 'DPoP')
    .map(({ name, value }) => `-H ${shellWord(`${name}: ${value}`)}`);
}

function bodyOf({ requestBody }: Operation, issuer: string): readonly string[] {
  if (!requestBody || !('content' in requestBody)) return [];
  const [type = '', media = {}] = Object.entries(requestBody.content as Readonly<Record<string, MediaType>>)[0] ?? [];
  const value = firstValue(media.examples);
  if (type !== 'application/x-www-form-urlencoded')
    return [`-H ${shellWord(`Content-Type: ${type}`)}`, `-d ${shellWord(JSON.stringify(value))}`];
  const members = Object.entries(value as Readonly<Record<string, string>>);
  const client = members.find(([name]) => name === 'client_id')?.[1] ?? '';
  return members.map(([name, text]) =>
    name === 'client_assertion'
      ? `--data-urlencode client_assertion="$(proof assertion --client ${client} --issuer ${issuer})"`
      : `--data-urlencode ${name}=${shellWord(text)}`,
  );
}

interface Parameter {
  readonly in: string;
  readonly name: string;
  readonly value: string;
}

function parametersOf({ parameters = [] }: Operation): readonly Parameter[] {
  return parameters.flatMap((one) =>
    'name' in one ? [{ in: one.in, name: one.name, value: String(firstValue(one.examples)) }] : [],
  );
}

function firstValue(examples: MediaType['examples'] = {}): unknown {
  return (Object.values(examples)[0] as { readonly value?: unknown } | undefined)?.value;
}
