/**
 * The token service's refusals: one row per code, with the OAuth error it goes under, the status and
 * the words. Codes and words are Microsoft's; `{…}` are places for values.
 */

export interface Refusal {
  readonly status: 400 | 401 | 405
  readonly error: string
  readonly text: string
}

export const REFUSALS = {
  50027: { status: 401, error: 'invalid_client', text: 'JWT token is invalid or malformed.' },
  50049: { status: 400, error: 'invalid_instance', text: 'Unknown or invalid instance.' },
  50059: {
    status: 400,
    error: 'invalid_request',
    text:
      'No tenant-identifying information found in either the request or implied by any provided ' +
      'credentials.',
  },
  70003: {
    status: 400,
    error: 'unsupported_grant_type',
    text: "The app requested an unsupported grant type '{grant}'.",
  },
  90002: {
    status: 400,
    error: 'invalid_request',
    text:
      "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are " +
      'signing into the correct cloud. Check with your subscription administrator, this may happen ' +
      'if there are no active subscriptions for the tenant.',
  },
  90013: { status: 400, error: 'invalid_request', text: 'Invalid input received from the user.' },
  90100: { status: 400, error: 'invalid_request', text: '{name} parameter is empty or not valid.' },
  500011: {
    status: 400,
    error: 'invalid_resource',
    text:
      'The resource principal named {resource} was not found in the tenant named {tenant}. This can ' +
      'happen if the application has not been installed by the administrator of the tenant or ' +
      'consented to by any user in the tenant. You might have sent your authentication request to ' +
      'the wrong tenant.',
  },
  700016: {
    status: 400,
    error: 'unauthorized_client',
    text:
      "Application with identifier '{client}' was not found in the directory '{tenant}'. This can " +
      'happen if the application has not been installed by the administrator of the tenant or ' +
      'consented to by any user in the tenant. You may have sent your authentication request to ' +
      'the wrong tenant.',
  },
  700021: {
    status: 401,
    error: 'invalid_client',
    text: "Client assertion application identifier doesn't match 'client_id' parameter.",
  },
  700023: {
    status: 401,
    error: 'invalid_client',
    text: 'Client assertion audience claim does not match Realm issuer.',
  },
  700024: {
    status: 401,
    error: 'invalid_client',
    text: 'Client assertion is not within its valid time range. Current time: {now}.',
  },
  700027: {
    status: 401,
    error: 'invalid_client',
    text:
      'The certificate with identifier used to sign the client assertion is not registered on ' +
      "application. [Reason - {reason}, Thumbprint of key used by client: '{thumbprint}'].",
  },
  900023: {
    status: 400,
    error: 'invalid_request',
    text:
      "Specified tenant identifier '{tenant}' is neither a valid DNS name, nor a valid external " +
      'domain.',
  },
  900144: {
    status: 400,
    error: 'invalid_request',
    text: "The request body must contain the following parameter: '{name}'.",
  },
  900561: {
    status: 405,
    error: 'invalid_request',
    text: 'The endpoint only accepts {accepted} requests. Received a {received} request.',
  },
  901002: {
    status: 400,
    error: 'invalid_request',
    text: "The 'resource' request parameter is not supported.",
  },
  1002012: {
    status: 400,
    error: 'invalid_scope',
    text:
      'The provided value for scope {scope} is not valid. Client credential flows must have a scope ' +
      'value with /.default suffixed to the resource identifier (application ID URI).',
  },
  7000112: {
    status: 400,
    error: 'unauthorized_client',
    text: "Application '{client}'({name}) is disabled.",
  },
  7000215: {
    status: 401,
    error: 'invalid_client',
    text:
      'Invalid client secret provided. Ensure the secret being sent in the request is the client ' +
      "secret value, not the client secret ID, for a secret added to app '{client}'.",
  },
  7000216: {
    status: 401,
    error: 'invalid_client',
    text:
      "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' " +
      'grant type.',
  },
  7000222: {
    status: 401,
    error: 'invalid_client',
    text:
      "The provided client secret keys for app '{client}' are expired. Visit the Azure portal to " +
      'create new keys for your app, or consider using certificate credentials for added security.',
  },
  9000411: {
    status: 400,
    error: 'invalid_request',
    text: "The request is not properly formatted. The parameter '{name}' is duplicated.",
  },
  28000: {
    status: 400,
    error: 'invalid_scope',
    text: 'Provided value for the input parameter scope is not valid because it contains more than one resource. Scope {scope} is not valid.',
  },
  50011: {
    status: 400,
    error: 'invalid_request',
    text: "The redirect URI '{uri}' specified in the request does not match the redirect URIs configured for the application '{client}'. Make sure the redirect URI sent in the request matches one added to your application.",
  },
  50013: {
    status: 400,
    error: 'invalid_grant',
    text: 'Assertion failed signature validation. [Reason - {reason}]',
  },
  50034: {
    status: 400,
    error: 'invalid_grant',
    text: 'The user account {user} does not exist in the {tenant} directory. To sign into this application, the account must be added to the directory.',
  },
  50053: {
    status: 400,
    error: 'invalid_grant',
    text: "The account is locked, you've tried to sign in too many times with an incorrect user ID or password.",
  },
  50057: { status: 400, error: 'invalid_grant', text: 'The user account is disabled.' },
  50058: {
    status: 400,
    error: 'login_required',
    text: 'A silent sign-in request was sent but no user is signed in.',
  },
  50126: {
    status: 400,
    error: 'invalid_grant',
    text: 'Error validating credentials due to invalid username or password.',
  },
  50173: {
    status: 400,
    error: 'invalid_grant',
    text: 'The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password.',
  },
  54005: {
    status: 400,
    error: 'invalid_grant',
    text: 'OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.',
  },
  65004: {
    status: 400,
    error: 'access_denied',
    text: 'User declined to consent to access the app.',
  },
  70000: { status: 400, error: 'invalid_grant', text: 'Provided grant is invalid or malformed.' },
  70007: {
    status: 400,
    error: 'unsupported_response_mode',
    text: "'{mode}' is not a supported value of 'response_mode' when requesting a token.",
  },
  70008: {
    status: 400,
    error: 'invalid_grant',
    text: 'The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.',
  },
  70011: {
    status: 400,
    error: 'invalid_scope',
    text: "The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope {scope} is not valid.",
  },
  70016: {
    status: 400,
    error: 'authorization_pending',
    text: 'OAuth 2.0 device flow error. Authorization is pending. Continue polling.',
  },
  70017: {
    status: 400,
    error: 'authorization_declined',
    text: 'The user declined the sign-in of the device.',
  },
  70018: {
    status: 400,
    error: 'bad_verification_code',
    text: 'Invalid verification code due to User typing in wrong user code for device code flow. Authorization was not approved.',
  },
  70020: {
    status: 400,
    error: 'expired_token',
    text: "The provided value for the input parameter 'device_code' is not valid. Device code has expired.",
  },
  500112: {
    status: 400,
    error: 'invalid_client',
    text: "The reply address '{uri}' does not match the reply address provided when requesting the authorization code.",
  },
  500131: {
    status: 400,
    error: 'invalid_grant',
    text: 'Assertion audience does not match the Client app presenting the assertion. The audience in the assertion has to be the app that presents it.',
  },
  501481: {
    status: 400,
    error: 'invalid_grant',
    text: 'The Code_Verifier does not match the code_challenge supplied in the authorization request.',
  },
  501491: {
    status: 400,
    error: 'invalid_request',
    text: 'Invalid size of Code_Challenge parameter.',
  },
  700025: {
    status: 401,
    error: 'invalid_client',
    text: "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
  },
  700054: {
    status: 400,
    error: 'unsupported_response_type',
    text: "response_type '{type}' is not enabled for the application.",
  },
  900971: { status: 400, error: 'invalid_request', text: 'No reply address provided.' },
  7000218: {
    status: 401,
    error: 'invalid_client',
    text: "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  },
  9002325: {
    status: 400,
    error: 'invalid_request',
    text: 'Proof Key for Code Exchange is required for cross-origin authorization code redemption.',
  },
  9002313: {
    status: 400,
    error: 'invalid_request',
    text: 'Invalid request. Request is malformed or invalid.',
  },
  50166: {
    status: 400,
    error: 'invalid_request',
    text: 'Request to External OIDC endpoint failed.',
  },
  70021: {
    status: 400,
    error: 'invalid_request',
    text: "No matching federated identity record found for presented assertion. Assertion Issuer: '{issuer}'. Assertion Subject: '{subject}'. Assertion Audience: '{audience}'. https://learn.microsoft.com/entra/workload-id/workload-identity-federation",
  },
  700211: {
    status: 401,
    error: 'invalid_client',
    text: "No matching federated identity record found for presented assertion issuer '{issuer}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion. https://learn.microsoft.com/entra/workload-id/workload-identity-federation",
  },
  700212: {
    status: 401,
    error: 'invalid_client',
    text: "No matching federated identity record found for presented assertion audience '{audience}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion. https://learn.microsoft.com/entra/workload-id/workload-identity-federation",
  },
  700213: {
    status: 401,
    error: 'invalid_client',
    text: "No matching federated identity record found for presented assertion subject '{subject}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion. https://learn.microsoft.com/entra/workload-id/workload-identity-federation",
  },
  700222: {
    status: 401,
    error: 'invalid_client',
    text: 'AAD-issued tokens may not be used for federated identity flows.',
  },
} satisfies Readonly<Record<number, Refusal>>
