/** Who signs in. The password is used once, on this machine. */
export const person = { username: 'robin', password: 'only for this test', partner: 'evergreen', role: 'claim_admin' };
export const client = { id: 'cpor-console', secret: 'only for this test' };

const mapper = (name: string, protocolMapper: string, config: Record<string, string>) => ({
  name,
  protocol: 'openid-connect',
  protocolMapper,
  config: { 'access.token.claim': 'true', 'jsonType.label': 'String', ...config },
});
const attribute = (name: string, claim: string, more: Record<string, string> = {}) =>
  mapper(name, 'oidc-usermodel-attribute-mapper', { 'user.attribute': name, 'claim.name': claim, ...more });

/** A realm set up as docs/how-to/connect-an-issuer.md says, for import at start. */
export const realmFor = (apiUrl: string, partnerAccount: string) => ({
  realm: 'cpor',
  enabled: true,
  sslRequired: 'none',
  roles: { realm: [{ name: person.role }] },
  users: [
    {
      username: person.username,
      enabled: true,
      emailVerified: true,
      firstName: 'Robin',
      lastName: 'Fields',
      email: 'robin@evergreen.example',
      credentials: [{ type: 'password', value: person.password, temporary: false }],
      realmRoles: [person.role],
      attributes: { partner: [partnerAccount], locations: ['*'] },
    },
  ],
  components: {
    'org.keycloak.userprofile.UserProfileProvider': [
      {
        providerId: 'declarative-user-profile',
        // Otherwise Keycloak knows the attributes of its own profile alone.
        config: { 'kc.user.profile.config': [JSON.stringify({ attributes: profileAttributes, unmanagedAttributePolicy: 'ADMIN_EDIT' })] },
      },
    ],
  },
  clients: [
    {
      clientId: client.id,
      secret: client.secret,
      publicClient: false,
      standardFlowEnabled: true,
      redirectUris: [`${apiUrl}/sign-in/callback`],
      attributes: {
        'pkce.code.challenge.method': 'S256',
        'post.logout.redirect.uris': `${apiUrl}/`,
        'backchannel.logout.url': `${apiUrl}/sign-in/back-channel-logout`,
        'backchannel.logout.session.required': 'true',
      },
      protocolMappers: [
        mapper('audience', 'oidc-audience-mapper', { 'included.custom.audience': 'cpor' }),
        mapper('roles', 'oidc-usermodel-realm-role-mapper', { 'claim.name': 'cpor_roles', multivalued: 'true' }),
        attribute('partner', 'cpor_partner'),
        attribute('locations', 'cpor_locations', { multivalued: 'true' }),
      ],
    },
  ],
});

const profileAttributes = ['username', 'email', 'firstName', 'lastName'].map((name) => ({ name }));
