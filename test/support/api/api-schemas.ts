import { Ajv2020 } from 'ajv/dist/2020.js';

export interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly Readonly<Record<string, unknown>>[];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, MediaType>> };
  readonly responses: Readonly<Record<string, ApiResponse>>;
  readonly 'x-codeSamples'?: readonly { readonly label: string; readonly source: string }[];
}

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header' | 'cookie';
  readonly required: boolean;
  readonly description?: string;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

interface MediaType {
  readonly schema: object;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

export interface ApiResponse {
  readonly description: string;
  readonly headers?: Readonly<Record<string, { readonly required?: boolean }>>;
  readonly content?: Readonly<Record<string, MediaType>>;
}

export interface ApiDescription {
  readonly tags: readonly { readonly name: string; readonly description?: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, { readonly examples?: readonly unknown[] }>>;
    readonly securitySchemes: Readonly<Record<string, { readonly in?: string; readonly name?: string }>>;
  };
}

export function operationsOf(
  api: Pick<ApiDescription, 'paths'>,
): readonly (readonly [path: string, method: string, Operation])[] {
  return Object.entries(api.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => [path, method, operation] as const),
  );
}

/** Whether it is called with an access token. */
export function takesTokens({ security = [] }: Operation): boolean {
  return security.some((requirement) => 'accessToken' in requirement || 'dpop' in requirement);
}

const DOCUMENT = 'https://sigill.example/openapi.json';

/** Validates values against schemas of the document, which are named by their place in it. */
export class ApiSchemas {
  readonly #ajv: Ajv2020;

  constructor(api: ApiDescription) {
    this.#ajv = new Ajv2020({ strict: false, allErrors: true });
    this.#ajv.addFormat('uuid', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    this.#ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/);
    this.#ajv.addFormat('uri', (text: string) => URL.canParse(text));
    this.#ajv.addSchema({ $id: DOCUMENT, ...api }, undefined, false, false);
  }

  /** What is wrong with a value; nothing when it is as the schema at this place says. */
  faults(value: unknown, ...place: readonly string[]): readonly string[] {
    const pointer = place.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
    const check = this.#ajv.compile({ $ref: `${DOCUMENT}#/${pointer}` });
    if (check(value)) return [];
    return (check.errors ?? []).map(({ instancePath, message = '', params }) =>
      [instancePath, message, JSON.stringify(params)].join(' '),
    );
  }
}
