//! The life of a connection.

use jni::errors::Result;
use jni::objects::{JClass, JString};
use jni::{Env, NativeMethod, native_method};

use crate::VERSION;

pub(super) const METHODS: [NativeMethod<'_>; 1] = [native_method! { static fn version() -> JString }];

fn version<'local>(env: &mut Env<'local>, _: JClass<'local>) -> Result<JString<'local>> {
    env.new_string(VERSION)
}
