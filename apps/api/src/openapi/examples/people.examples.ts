/** Answers of the running API, cut short: examples by the name of their schema. */
export const peopleExamples = {
  Me: {
    subject: 'usage_viewer-own',
    name: null,
    roles: ['usage_viewer'],
    permissions: ['usage.read', 'catalogue.read'],
    partner: {
      partnerAccountId: '52ae3f06-3584-4ea8-a1be-f5d3bd9dd94c',
      name: 'Evergreen Cloud Consulting, Inc.',
      coversAllLocations: true,
      locations: [
        {
          partnerId: '1240371',
          name: 'Evergreen Cloud Consulting, Seattle',
        },
      ],
      isComplete: true,
    },
    tenant: null,
    actsFor: [],
    limits: [],
    mode: 'sandbox',
    language: 'en',
  },
  ProtectedResource: {
    resource: 'https://cpor.example',
    authorization_servers: ['https://cpor.example/sandbox/issuer'],
    bearer_methods_supported: ['header'],
    cpor_command_line: {
      client_id: 'cpor-cli',
      scope: 'openid profile email offline_access',
      parameters: {},
    },
  },
};
