import { Injectable, RequestMethod, type ExceptionFilter } from '@nestjs/common';
import { EXCEPTION_FILTERS_METADATA, METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { ModulesContainer } from '@nestjs/core';
import { CHANGES_NOTHING } from '../route-declaration.ts';

/** The routes of a path, for all methods. */
export interface RegisteredPath {
  /** In the order of their routes, with HEAD for each GET that changes nothing. */
  readonly methods: readonly string[];
  /** The controller's own filter of errors; undefined means problem documents. */
  readonly filter: ExceptionFilter | undefined;
}

interface Route extends RegisteredPath {
  readonly pattern: RegExp;
  /** The first segment of its path. */
  readonly area: string;
}

type Handler = (...args: never[]) => unknown;

/** The routes that the controllers declare, to answer requests that match none of them. */
@Injectable()
export class RegisteredRoutes {
  #routes: readonly Route[] | undefined;

  constructor(private readonly modules: ModulesContainer) {}

  /** @param path as it was sent, not decoded */
  find(path: string): RegisteredPath | undefined {
    const found = this.#all().filter(({ pattern }) => pattern.test(path));
    if (found.length === 0) return undefined;
    const methods = [...new Set(found.flatMap((route) => route.methods))];
    return { methods, filter: found.find(({ filter }) => filter)?.filter };
  }

  /** The filter of errors for a path without routes: as its neighbours answer, so with pages below `/pay`. */
  findFilterAround(path: string): ExceptionFilter | undefined {
    const area = areaOf(path);
    return this.#all().find((route) => route.area === area && route.filter)?.filter;
  }

  #all(): readonly Route[] {
    return (this.#routes ??= [...this.modules.values()].flatMap(routesOfModule));
  }
}

type NestModule = ModulesContainer extends Map<string, infer M> ? M : never;

function routesOfModule(module: NestModule): readonly Route[] {
  return [...module.controllers.values()].flatMap(({ metatype }) => {
    if (typeof metatype !== 'function') return [];
    const prefixes = pathsOf(metatype);
    const filter = filterOf(module, metatype);
    return handlersOf(metatype.prototype as object).flatMap((handler) => {
      const methods = methodsOf(handler);
      const paths = prefixes.flatMap((prefix) => pathsOf(handler).map((path) => `/${prefix}/${path}`));
      return paths.map((path) => ({ pattern: patternOf(path), area: areaOf(path), methods, filter }));
    });
  });
}

/** Its own, and those that it inherits. */
function handlersOf(prototype: object): readonly Handler[] {
  const own = Object.getOwnPropertyNames(prototype)
    .map((name) => Object.getOwnPropertyDescriptor(prototype, name)?.value as unknown)
    .filter((value): value is Handler => typeof value === 'function' && Reflect.hasMetadata(METHOD_METADATA, value));
  const parent = Object.getPrototypeOf(prototype) as object | null;
  return parent === null || parent === Object.prototype ? own : [...own, ...handlersOf(parent)];
}

function pathsOf(target: object): readonly string[] {
  return [Reflect.getMetadata(PATH_METADATA, target) as string | readonly string[]].flat();
}

/** @see RFC 9110 §9.3.2: HEAD has the effects of GET, so only a GET that changes nothing has it */
function methodsOf(handler: Handler): readonly string[] {
  const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod];
  return Reflect.hasMetadata(CHANGES_NOTHING, handler) ? [method, 'HEAD'] : [method];
}

function filterOf(module: NestModule, controller: object): ExceptionFilter | undefined {
  const [filter] = (Reflect.getMetadata(EXCEPTION_FILTERS_METADATA, controller) ?? []) as readonly unknown[];
  if (typeof filter !== 'function') return filter as ExceptionFilter | undefined;
  return module.injectables.get(filter)?.instance as ExceptionFilter | undefined;
}

function areaOf(path: string): string {
  return (
    path
      .split('/')
      .find((segment) => segment !== '')
      ?.toLowerCase() ?? ''
  );
}

/** Matches as Express does: ignoring case and a trailing slash; a parameter is one segment, and with an asterisk several. */
function patternOf(path: string): RegExp {
  const segments = path.split('/').filter((segment) => segment !== '');
  const parts = segments.map((segment) => {
    if (segment.startsWith('*')) return '.+';
    return segment.startsWith(':') ? '[^/]+' : segment.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^/${parts.join('/')}/?$`, 'i');
}
