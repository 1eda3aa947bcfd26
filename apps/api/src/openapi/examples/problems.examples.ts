/** Answers of the running API, cut short: examples by the name of their schema. */
export const problemsExamples = {
  ProblemType: {
    type: '/problems/not_found',
    code: 'not_found',
    status: 404,
    kind: 'shape',
    title: 'Not found',
    cause: 'Nothing exists at this path, or it is outside your scope. The answer is the same in both cases by design.',
    remedy: 'Check the path and the ID, and that your token covers the location of the claim.',
  },
  ProblemTypeList: {
    items: [
      {
        type: '/problems/malformed_body',
        code: 'malformed_body',
        status: 400,
        kind: 'shape',
        title: 'Body cannot be parsed',
        cause: 'The body is empty, is not valid JSON, multipart or YAML, repeats a key, or does not match its Content-Length.',
        remedy: 'Send well-formed JSON in UTF-8 with "Content-Type: application/json", or the media type that the endpoint documents.',
      },
      {
        type: '/problems/malformed_request',
        code: 'malformed_request',
        status: 400,
        kind: 'shape',
        title: 'Malformed HTTP request',
        cause: 'The request line, a header or the body framing is not valid HTTP.',
        remedy: 'Send the request with an HTTP library, and check any proxy between your client and this API.',
      },
    ],
    next: null,
  },
};
