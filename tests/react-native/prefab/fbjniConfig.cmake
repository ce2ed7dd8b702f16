add_library(fbjni::fbjni ALIAS fbjni)
