import { closedObject, json, listOf, page, problemsOf, text } from '../api-answers.ts';
import type { RouteDescription, Schema } from '../api-description.ts';

/** What OpenAPI itself describes. */
const described = (by: string): Schema => ({ type: 'object', additionalProperties: true, description: by });

const openApi = closedObject({
  title: 'OpenApiDocument',
  properties: {
    openapi: { const: '3.1.0' },
    info: described('OpenAPI 3.1.0 §4.8.2'),
    paths: described('OpenAPI 3.1.0 §4.8.8'),
    tags: listOf(described('OpenAPI 3.1.0 §4.8.22')),
    servers: listOf(described('OpenAPI 3.1.0 §4.8.5')),
    components: described('OpenAPI 3.1.0 §4.8.7'),
  },
});

export const describePage: RouteDescription = {
  summary: 'This API for people',
  answers: { 200: page('All routes'), ...problemsOf(429) },
};

export const describeJson: RouteDescription = {
  summary: 'This API as OpenAPI 3.1',
  answers: { 200: json('This document', openApi), ...problemsOf(429) },
};

export const describeProblems: RouteDescription = {
  summary: 'Every kind of problem this service reports',
  answers: { 200: page('All kinds'), ...problemsOf(429) },
};

export const describeProblem: RouteDescription = {
  summary: 'What one kind of problem means',
  path: { code: { description: 'As in the problem document', schema: text('') } },
  answers: { 200: page('Status, and whether to try again'), ...problemsOf(404, 429) },
};
