import { BadRequestException, NotFoundException } from '@nestjs/common';
import { DomainError } from '../kernel/errors.ts';
import { findProblemSpec, problemOf, problems } from './problems.ts';

const ISSUER = 'https://sigill.example';

describe('a problem document', () => {
  it('tells code, pointer and detail, and links to a page about it', () => {
    const error = new DomainError('initiation.invalid', {
      pointer: '/creditorName',
      detail: 'Too long.',
      log: 'internal',
    });
    expect(problemOf(error, 'r-1', ISSUER)).toEqual({
      type: 'https://sigill.example/problems/initiation.invalid',
      title: 'Invalid payment initiation',
      status: 400,
      code: 'initiation.invalid',
      requestId: 'r-1',
      pointer: '/creditorName',
      detail: 'Too long.',
    });
  });

  it('never shows what only the operator may read, nor the message of an unforeseen error', () => {
    const known = problemOf(new DomainError('bankid.refused', { log: 'hemligt' }), 'r', ISSUER);
    const unknown = problemOf(new Error('hemligt'), 'r', ISSUER);
    expect(JSON.stringify([known, unknown])).not.toContain('hemligt');
    expect(unknown).toMatchObject({ status: 500, code: 'internal', requestId: 'r' });
  });

  it("speaks our words for Nest's and express's errors, which quote what the client sent", () => {
    const parser = Object.assign(new SyntaxError('Unexpected token in 191212121212'), { expose: true, status: 400 });
    for (const error of [new BadRequestException('191212121212'), parser]) {
      const problem = problemOf(error, 'r', ISSUER);
      expect(problem).toMatchObject({ status: 400, code: 'request.malformed' });
      expect(JSON.stringify(problem)).not.toContain('1912');
    }
    expect(problemOf(new NotFoundException(), 'r', ISSUER).code).toBe('request.not-found');
  });

  it('never lets further members replace the fixed ones', () => {
    const error = new DomainError('consent.not-authorised', { extra: { state: 'consumed', status: '200' } });
    expect(problemOf(error, 'r', ISSUER)).toMatchObject({ status: 409, state: 'consumed' });
  });

  it('has a title of two or three words, four at most', () => {
    for (const { title } of Object.values(problems)) expect(title).toMatch(/^\S+( \S+){1,3}$/);
  });

  it('has a page for each code, and none for names that every object has', () => {
    for (const code of [...Object.keys(problems), 'internal']) expect(findProblemSpec(code)).toBeDefined();
    for (const name of ['toString', '__proto__', 'constructor', '']) expect(findProblemSpec(name)).toBeUndefined();
  });
});
