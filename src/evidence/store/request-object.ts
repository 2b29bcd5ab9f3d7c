/** Kind of the attachment, and of its seal under the consent's data key. */
export const REQUEST_OBJECT = 'request-object';
