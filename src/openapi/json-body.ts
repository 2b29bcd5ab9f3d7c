import type { IncomingMessage } from 'node:http';
import {
  applyDecorators,
  Injectable,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
  type Type,
} from '@nestjs/common';
import { ApiBody } from '@nestjs/swagger';
import { readJson } from '../http/read-body.ts';

/** Reads the body after the guards, so only for authenticated callers, and before the pipe that validates it. */
@Injectable()
class JsonBodyInterceptor implements NestInterceptor {
  async intercept(context: ExecutionContext, next: CallHandler): Promise<ReturnType<CallHandler['handle']>> {
    const request = context.switchToHttp().getRequest<IncomingMessage & { body?: unknown }>();
    request.body = await readJson(request);
    return next.handle();
  }
}

/** What a route with a JSON body refuses of it, for `@Refuses`. */
export const bodyCodes = ['request.malformed', 'request.too-large', 'request.unsupported-media-type'] as const;

/**
 * For a route with a parameter `@Body()` of this class.
 * @param examples by name, which says what they show
 */
export function JsonBody(type: Type<unknown>, examples: Readonly<Record<string, object>>): MethodDecorator {
  return applyDecorators(UseInterceptors(JsonBodyInterceptor), ApiBody({ type, examples: namedExamples(examples) }));
}

/** Examples as OpenAPI wants them, each named by what it shows. */
export function namedExamples(
  examples: Readonly<Record<string, unknown>>,
): Record<string, { summary: string; value: unknown }> {
  return Object.fromEntries(
    Object.entries(examples).map(([summary, value]) => [
      summary.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'),
      { summary, value },
    ]),
  );
}
