/** Certificates and secrets of a principal as Graph shows them: never the secret itself. */
import { X509Certificate } from 'node:crypto'
import { isoSeconds } from '../../../base/clock.ts'
import type { ObjectId } from '../../../base/ids.ts'
import type { Call } from '../../../core/call.ts'
import { type KeyCredential, keyCredentialsOf } from '../../../core/directory/key-credentials.ts'
import {
  type PasswordCredential,
  passwordCredentialsOf,
} from '../../../core/directory/password-credentials.ts'

/** The two lists, as members of the document of who owns them. */
export async function credentialsOf(call: Call, ownerId: ObjectId) {
  return {
    keyCredentials: (await keyCredentialsOf(call, ownerId)).map(shownKey),
    passwordCredentials: (await passwordCredentialsOf(call, ownerId)).map(shownPassword),
  }
}

function shownKey(credential: KeyCredential) {
  return {
    customKeyIdentifier: credential.thumbprint,
    displayName: new X509Certificate(credential.certificate).subject.split('\n')[0] ?? null,
    endDateTime: isoSeconds(credential.endsAt),
    key: null,
    keyId: credential.keyId,
    startDateTime: isoSeconds(credential.startsAt),
    type: 'AsymmetricX509Cert',
    usage: 'Verify',
  }
}

export function shownPassword(credential: PasswordCredential) {
  return {
    customKeyIdentifier: null,
    displayName: credential.displayName ?? null,
    endDateTime: isoSeconds(credential.endsAt),
    hint: credential.hint,
    keyId: credential.keyId,
    secretText: null,
    startDateTime: isoSeconds(credential.startsAt),
  }
}
