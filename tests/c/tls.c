/* Every option of TLS: what it lets pass, what it stops, and what C is told then. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"

static struct client *to(const char *key) {
    return client_new(server_url("wss", "localhost", key, "/"), NULL, NULL);
}

static void add_pin(struct client *client, const char *pin) {
    CHECK_OK(socket_task_add_pin(client->handle, pin, strlen(pin)));
}

static void certificates(void) {
    static const struct {
        const char *key;
        socket_task_error_code code;
        const char *text;
    } CASES[] = {
        {"wss_expired_port", SOCKET_TASK_ERROR_CERTIFICATE_EXPIRED, "it expired on 2"},
        {"wss_expired_port", SOCKET_TASK_ERROR_CERTIFICATE_EXPIRED, "this device's clock says 2"},
        {"wss_not_yet_valid_port", SOCKET_TASK_ERROR_CERTIFICATE_NOT_YET_VALID, "it is not valid before 2"},
        {"wss_wrong_host_port", SOCKET_TASK_ERROR_CERTIFICATE_WRONG_HOST, "it is valid for elsewhere.example"},
        {"wss_unknown_authority_port", SOCKET_TASK_ERROR_CERTIFICATE_UNKNOWN_ISSUER, "no trusted authority"},
        {"wss_self_signed_port", SOCKET_TASK_ERROR_CERTIFICATE_UNKNOWN_ISSUER, "no trusted authority"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct client *client = to(CASES[i].key);
        client_expect_error(client, SOCKET_TASK_PHASE_TLS, CASES[i].code, CASES[i].text);
        CHECK(strstr(client->error_text, "localhost") != NULL);
        client_free(client);
    }
    client_expect_echo(to("wss_port"));

    /* A server that does not speak TLS, and waits for more. */
    struct client *client = to("ws_port");
    CHECK_OK(socket_task_set_timeout(client->handle, 300));
    client_expect_error(client, SOCKET_TASK_PHASE_TLS, SOCKET_TASK_ERROR_TIMED_OUT,
                        "timed out after 300 ms while making the TLS handshake with localhost");
    client_free(client);
}

static void authorities_as_der(void) {
    /* A certificate in DER is the Base64 of its PEM, decoded. */
    uint8_t pem[16384];
    uint8_t der[16384];
    size_t length = 0;
    unsigned bits = 0;
    unsigned count = 0;
    size_t pem_length = read_file(server_value("ca"), pem, sizeof pem - 1);
    pem[pem_length] = '\0';
    const char *body = strchr((const char *)pem, '\n');
    CHECK(body != NULL);
    static const char ALPHABET[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (; *body != '-' && *body != '='; body++) {
        const char *digit = strchr(ALPHABET, *body);
        if (digit == NULL) {
            continue;
        }
        bits = (bits << 6 | (unsigned)(digit - ALPHABET)) & 0xffff;
        if (++count % 4 != 1) {
            der[length++] = (uint8_t)(bits >> (6 - 2 * ((count - 1) % 4)));
        }
    }
    struct client *client = client_new_untrusting(wss_url("/"), NULL, NULL);
    CHECK_OK(socket_task_add_ca_certificates(client->handle, der, length));
    client_expect_echo(client);
}

static void pins(void) {
    struct client *client = to("wss_port");
    add_pin(client, server_value("wss_pin"));
    client_expect_echo(client);

    /* One of several is enough, and any certificate of the chain may have it. */
    client = to("wss_port");
    add_pin(client, server_value("self_signed_fingerprint"));
    add_pin(client, server_value("ca_pin"));
    client_expect_echo(client);

    client = to("wss_port");
    add_pin(client, server_value("self_signed_fingerprint"));
    client_expect_error(client, SOCKET_TASK_PHASE_TLS, SOCKET_TASK_ERROR_PIN_MISMATCH, "the keys seen are sha256/");
    /* What was seen is told as it can be pinned. */
    char seen[64];
    snprintf(seen, sizeof seen, "%.51s", strstr(client->error_text, "sha256/"));
    client_free(client);
    client = to("wss_port");
    add_pin(client, seen);
    client_expect_echo(client);

    /* A pin does not make a certificate good. */
    client = to("wss_unknown_authority_port");
    add_pin(client, seen);
    client_expect_error(client, SOCKET_TASK_PHASE_TLS, SOCKET_TASK_ERROR_CERTIFICATE_UNKNOWN_ISSUER, "");
    client_free(client);

    client = to("wss_port");
    CHECK_STATUS(SOCKET_TASK_INVALID_ARGUMENT, socket_task_add_pin(client->handle, "sha256/short", 12));
    CHECK(strstr(socket_task_last_error_message(), "SHA-256") != NULL);
    client_free(client);
}

static void accepted_certificate(void) {
    const char *fingerprint = server_value("self_signed_fingerprint");
    struct client *client = client_new_untrusting(server_url("wss", "localhost", "wss_self_signed_port", "/"), NULL, NULL);
    CHECK_OK(socket_task_add_accepted_certificate(client->handle, fingerprint, strlen(fingerprint)));
    client_expect_echo(client);
    /* That one and no other. */
    client = to("wss_unknown_authority_port");
    CHECK_OK(socket_task_add_accepted_certificate(client->handle, fingerprint, strlen(fingerprint)));
    client_expect_error(client, SOCKET_TASK_PHASE_TLS, SOCKET_TASK_ERROR_CERTIFICATE_UNKNOWN_ISSUER,
                        "no trusted authority");
    client_free(client);
    /* Pins hold for it, too. */
    client = client_new_untrusting(server_url("wss", "localhost", "wss_self_signed_port", "/"), NULL, NULL);
    CHECK_OK(socket_task_add_accepted_certificate(client->handle, fingerprint, strlen(fingerprint)));
    add_pin(client, server_value("wss_pin"));
    client_expect_error(client, SOCKET_TASK_PHASE_TLS, SOCKET_TASK_ERROR_PIN_MISMATCH, "sha256/");
    client_free(client);
}

/* A key that the library never sees: the program openssl has it. */
struct key_store {
    const char *key;
    atomic_uint asked, destroyed;
    bool refuses;
};

static void sign_with_openssl(socket_task_signature_algorithm algorithm, const uint8_t *message, size_t length,
                              socket_task_signature *signature, void *context) {
    struct key_store *store = context;
    store->asked++;
    if (store->refuses || algorithm != SOCKET_TASK_SIGNATURE_ECDSA_P256_SHA256) return;
    char paths[2][32] = {"/tmp/socket-task-XXXXXX", "/tmp/socket-task-XXXXXX"}, command[512];
    int files[2] = {mkstemp(paths[0]), mkstemp(paths[1])};
    uint8_t made[256];
    snprintf(command, sizeof command, "openssl dgst -sha256 -sign '%s' -out %s %s", store->key, paths[1], paths[0]);
    if (write(files[0], message, length) == (ssize_t)length && system(command) == 0) {
        size_t made_length = read_file(paths[1], made, sizeof made);
        CHECK_OK(socket_task_signature_set(signature, made, made_length));
    }
    CHECK_STATUS(SOCKET_TASK_INVALID_ARGUMENT, socket_task_signature_set(signature, NULL, 0));
    for (int i = 0; i < 2; i++) {
        close(files[i]);
        unlink(paths[i]);
    }
}

static void forget_key_store(void *context) {
    struct key_store *store = context;
    store->destroyed++;
}

static void client_signer(void) {
    uint8_t certificate[8192];
    size_t length = read_file(server_value("client"), certificate, sizeof certificate);
    struct key_store store = {.key = server_value("client_key")};
    struct client *client = to("wss_mutual_port");
    CHECK_OK(socket_task_set_client_signer(client->handle, certificate, length, sign_with_openssl, forget_key_store, &store));
    client_expect_echo(client);
    CHECK(store.asked == 1);

    store.refuses = true;
    client = to("wss_mutual_port");
    CHECK_OK(socket_task_set_client_signer(client->handle, certificate, length, sign_with_openssl, forget_key_store, &store));
    client_expect_error(client, SOCKET_TASK_PHASE_TLS, SOCKET_TASK_ERROR_TLS_FAILED,
                        "the app has not signed for the client's certificate");
    client_free(client);
    CHECK(store.asked == 2);

    client = to("wss_mutual_port");
    CHECK_STATUS(SOCKET_TASK_INVALID_ARGUMENT, socket_task_set_client_signer(client->handle, certificate, length, NULL,
                                                                            forget_key_store, &store));
    CHECK_STATUS(SOCKET_TASK_INVALID_ARGUMENT, socket_task_set_client_signer(client->handle, certificate, 20,
                                                                            sign_with_openssl, forget_key_store, &store));
    client_free(client);
    /* The last of them with the thread that has carried the connection, which may be a moment later. */
    for (double end = now() + 20; store.destroyed < 4 && now() < end; sleep_ms(1)) {
    }
    CHECK(store.destroyed == 4);
}

static void client_certificate(void) {
    uint8_t certificate[8192];
    uint8_t key[8192];
    size_t certificate_length = read_file(server_value("client"), certificate, sizeof certificate);
    size_t key_length = read_file(server_value("client_key"), key, sizeof key);

    struct client *client = to("wss_mutual_port");
    CHECK_OK(socket_task_set_client_certificate(client->handle, certificate, certificate_length, key, key_length));
    client_expect_echo(client);

    client = to("wss_mutual_port");
    client_expect_error(client, SOCKET_TASK_PHASE_TLS, SOCKET_TASK_ERROR_TLS_FAILED, "it wants a client certificate");
    client_free(client);

    client = to("wss_mutual_port");
    /* The certificate twice, and no key. */
    CHECK_STATUS(SOCKET_TASK_INVALID_ARGUMENT,
                 socket_task_set_client_certificate(client->handle, certificate, certificate_length, certificate,
                                                    certificate_length));
    CHECK(strstr(socket_task_last_error_message(), "private key is not valid") != NULL);
    /* Another's certificate. */
    size_t other = read_file(server_value("self_signed"), certificate, sizeof certificate);
    CHECK_STATUS(SOCKET_TASK_INVALID_ARGUMENT,
                 socket_task_set_client_certificate(client->handle, certificate, other, key, key_length));
    CHECK(strstr(socket_task_last_error_message(), "does not belong to its certificate") != NULL);
    client_free(client);
}

static void server_name(void) {
    struct client *client = to("wss_wrong_host_port");
    CHECK_OK(socket_task_set_server_name(client->handle, "elsewhere.example", 17));
    client_expect_echo(client);
    client = to("wss_port");
    CHECK_OK(socket_task_set_server_name(client->handle, "elsewhere.example", 17));
    client_expect_error(client, SOCKET_TASK_PHASE_TLS, SOCKET_TASK_ERROR_CERTIFICATE_WRONG_HOST,
                        "the certificate of elsewhere.example is not acceptable: it is valid for localhost");
    client_free(client);
    client = to("wss_port");
    CHECK_STATUS(SOCKET_TASK_INVALID_ARGUMENT, socket_task_set_server_name(client->handle, "no name", 7));
    client_free(client);
}

static void lowest_version(void) {
    struct client *client = to("wss_tls12_port");
    CHECK_OK(socket_task_connect(client->handle));
    client_wait_open(client);
    CHECK(strcmp(client->tls_version, "TLSv1.2") == 0);
    client_free(client);

    client = to("wss_tls12_port");
    CHECK_OK(socket_task_set_min_tls_version(client->handle, SOCKET_TASK_TLS_1_3));
    client_expect_error(client, SOCKET_TASK_PHASE_TLS, SOCKET_TASK_ERROR_TLS_FAILED,
                        "it supports neither of the TLS versions allowed here");
    client_free(client);

    client = to("wss_port");
    CHECK_OK(socket_task_set_min_tls_version(client->handle, SOCKET_TASK_TLS_1_3));
    CHECK_OK(socket_task_connect(client->handle));
    client_wait_open(client);
    CHECK(strcmp(client->tls_version, "TLSv1.3") == 0);
    client_free(client);

    client = to("wss_port");
    CHECK_STATUS(SOCKET_TASK_INVALID_ARGUMENT, socket_task_set_min_tls_version(client->handle, 11));
    client_free(client);
}

static void trust_in_nobody(void) {
    struct client *client = client_new_untrusting(wss_url("/"), NULL, NULL);
    CHECK_OK(socket_task_set_trust_roots(client->handle, SOCKET_TASK_TRUST_ROOTS_NONE));
    CHECK_STATUS(SOCKET_TASK_INVALID_ARGUMENT, socket_task_connect(client->handle));
    CHECK(strstr(socket_task_last_error_message(), "no certificate authority is trusted") != NULL);
    CHECK_STATUS(SOCKET_TASK_INVALID_ARGUMENT, socket_task_set_trust_roots(client->handle, 3));
    client_free(client);
}

int main(void) {
    static const struct test TESTS[] = {
        {"certificates that are not acceptable", certificates},
        {"authority as DER", authorities_as_der},
        {"pins", pins},
        {"accepted certificate", accepted_certificate},
        {"client certificate", client_certificate},
        {"client signer", client_signer},
        {"server name", server_name},
        {"lowest version", lowest_version},
        {"trust in nobody", trust_in_nobody},
    };
    return run_tests("tls", TESTS, sizeof TESTS / sizeof *TESTS);
}
