/** JSON Schema of an upload as `application/json`, for the API's description. A ZIP is sent as its bytes. */
export const uploadSchema = {
  type: 'object',
  required: ['signature'] as string[],
  additionalProperties: false,
  properties: {
    signature: {
      type: 'string',
      description: '`completionData.signature` exactly as BankID delivered it (base64), or the XML document it holds',
    },
    ocspResponse: {
      type: 'string',
      description: '`completionData.ocspResponse` (base64)',
    },
    consent: {
      type: 'object',
      description: 'consent.json of the evidence folder: what is signed is compared with it',
      additionalProperties: true,
    },
  },
};
