//! What `onEvent` of the seam is called with.

use napi::bindgen_prelude::{JsValuesTupleIntoVec, ToNapiValue};
use napi::{Env, JsValue, Result, sys};

/// Values of one environment, made for one call.
pub struct Arguments(Vec<sys::napi_value>);

impl Arguments {
    pub fn new() -> Arguments {
        Arguments(Vec::with_capacity(5))
    }

    pub fn with(mut self, env: &Env, value: impl ToNapiValue) -> Result<Arguments> {
        self.0.push(value.into_unknown(env)?.raw());
        Ok(self)
    }
}

impl JsValuesTupleIntoVec for Arguments {
    fn into_vec(self, _: sys::napi_env) -> Result<Vec<sys::napi_value>> {
        Ok(self.0)
    }
}
