// OpenSSL 3.5, as Node 24 has it inside, for the key files that cryptography does not write: private keys in expanded form, alone or beside the seed.
// usage: openssl.mjs generate ALGORITHM der|pem     which form, the configuration file says (OPENSSL_CONF)
//        openssl.mjs public < KEY                   the public key in DER
//        openssl.mjs sign MESSAGE < KEY
//        openssl.mjs decapsulate CIPHERTEXT < KEY   in hexadecimal
import { createPrivateKey, createPublicKey, decapsulate, generateKeyPairSync, sign } from "node:crypto";
import { readFileSync, writeSync } from "node:fs";

const [command, argument, format] = process.argv.slice(2);
const key = () => {
  const file = readFileSync(0);
  const pem = file.includes("-----BEGIN");
  return createPrivateKey(pem ? file : { key: file, format: "der", type: "pkcs8" });
};
const commands = {
  generate: () => generateKeyPairSync(argument.toLowerCase()).privateKey.export({ type: "pkcs8", format }),
  public: () => createPublicKey(key()).export({ type: "spki", format: "der" }),
  sign: () => sign(null, Buffer.from(argument), key()),
  decapsulate: () => decapsulate(key(), Buffer.from(argument, "hex")),
};
const out = Buffer.from(commands[command]());
for (let written = 0; written < out.length;) written += writeSync(1, out, written);
