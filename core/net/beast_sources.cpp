// The one place where the function bodies of Asio and Beast are compiled (BOOST_ASIO_SEPARATE_COMPILATION and
// BOOST_BEAST_SEPARATE_COMPILATION, cmake/flags.cmake).
#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
