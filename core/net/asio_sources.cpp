// The one place where Asio's function bodies are compiled (BOOST_ASIO_SEPARATE_COMPILATION, cmake/flags.cmake).
#include <boost/asio/impl/src.hpp>
