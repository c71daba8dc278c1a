// What earlier digitization delivered of an entry, laid over what the machine reads of it.
#ifndef HOTICH_SERVICE_EARLIER_H_
#define HOTICH_SERVICE_EARLIER_H_

#include <vector>

#include "hotich/v1/form.pb.h"
#include "hotich/v1/vocabulary.pb.h"

namespace hotich::service {

// The entry with each earlier value alone in its field, so that the checks weigh it and put nothing
// else in its place. Fields that stand on no form of the page come behind the others.
v1::Entry WithEarlierValues(v1::Entry entry, const v1::EarlierEntry& earlier,
                            const std::vector<v1::FormTemplate>& forms, v1::BookKind kind);

// The checked entry with what the machine had read itself behind the earlier values, and the
// warning "earlier_differs" where it was rather sure of something else.
v1::Entry WithMachineReading(v1::Entry checked, const v1::Entry& machine);

bool IsEarlier(const v1::FieldReading& field);

}  // namespace hotich::service

#endif  // HOTICH_SERVICE_EARLIER_H_
