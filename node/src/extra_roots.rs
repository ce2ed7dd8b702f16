//! `NODE_EXTRA_CA_CERTS`: authorities that are trusted beside the known ones, as in Node itself.

use std::ffi::OsString;
use std::sync::OnceLock;

use napi::Env;
use napi::bindgen_prelude::{Function, JsObjectValue, Object};
use socket_task::options::{CertificateDer, certificates};
use socket_task::{TlsOptions, TrustRoots};

/// What the variable was when the addon was loaded. Node asks for it as early: what a program sets later means nothing.
static FILE: OnceLock<Option<OsString>> = OnceLock::new();

/// The certificates in that file, read once for the process, by the first connection.
static ROOTS: OnceLock<Vec<CertificateDer<'static>>> = OnceLock::new();

const VARIABLE: &str = "NODE_EXTRA_CA_CERTS";
const END: &[u8] = b"-----END CERTIFICATE-----";

/// To be called when the addon is loaded.
pub fn note_file() {
    FILE.get_or_init(|| std::env::var_os(VARIABLE).filter(|file| !file.is_empty()));
}

/// Adds the authorities to those of `options`, unless these say that nobody else is to be trusted.
pub fn add(env: &Env, options: &mut TlsOptions) {
    let Some(Some(file)) = FILE.get() else { return };
    if options.roots == TrustRoots::None {
        return;
    }
    let mut fault = None;
    let roots = ROOTS.get_or_init(|| {
        let roots;
        (roots, fault) = read(file);
        roots
    });
    // What listens to warnings may connect, which comes here.
    if let Some(fault) = fault {
        warn(env, format!("react-native-socket-task: {VARIABLE}, {}: {fault}", file.to_string_lossy()));
    }
    // Borrowed: a bundle has hundreds, and a connection copies none of them.
    options.ca_certificates.extend(roots.iter().map(|root| CertificateDer::from(root.as_ref())));
}

/// Those that can be read, and what is wrong otherwise.
fn read(file: &OsString) -> (Vec<CertificateDer<'static>>, Option<String>) {
    let bytes = match std::fs::read(file) {
        Ok(bytes) => bytes,
        Err(error) => return (Vec::new(), Some(format!("it cannot be read: {error}"))),
    };
    let (mut roots, mut faults) = (Vec::new(), Vec::new());
    let mut rest = bytes.as_slice();
    while let Some(end) = rest.windows(END.len()).position(|window| window == END) {
        let (section, behind) = rest.split_at(end + END.len());
        // One that is not valid must not keep the others out.
        match certificates(section) {
            Ok(read) => roots.extend(read),
            Err(refused) => faults.push(refused.to_string()),
        }
        rest = behind;
    }
    let fault = match (faults.first(), roots.is_empty()) {
        (Some(first), _) => Some(format!("{} of its certificates left out: {first}", faults.len())),
        (None, true) => Some("there is no certificate in PEM in it".to_owned()),
        (None, false) => None,
    };
    (roots, fault)
}

/// `process.emitWarning`. A process without it goes without the warning.
fn warn(env: &Env, text: String) {
    let warn = || {
        let process: Object<'_> = env.get_global()?.get_named_property("process")?;
        process.get_named_property::<Function<'_, String, ()>>("emitWarning")?.call(text)
    };
    let _ = warn();
}
